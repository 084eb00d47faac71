package roster

import (
	"cmp"
	"fmt"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// massChange is the code of the finding that more than a fifth of what is there would end.
const massChange = "mass-change"

// mostFindings is how many findings an import keeps.
const mostFindings = 10_000

// importing is one run of an import. The rows are judged first, all of them; what they ask for is kept as steps, and taken when
// no row has a fault.
type importing struct {
	*supervision.Import
	tx       *store.Tx
	house    *service.House
	may      importRights
	findings []supervision.Finding
	steps    []func() error
	base     int // of a full import: how many there are that it could end
	about    []supervision.PersonID
}

func (s *Service) runImport(tx *store.Tx, i *supervision.Import, may importRights) error {
	r := &importing{Import: i, tx: tx, house: s.House, may: may}
	i.Created, i.Updated, i.Unchanged, i.Ended, i.IDs = 0, 0, 0, 0, map[string]supervision.UUID{}
	if err := r.judge(s); err != nil {
		return err
	}
	if r.Ended*5 > r.base {
		r.note(1, "", true, massChange, "%d of %d would end, which is more than a fifth.", r.Ended, r.base)
	}
	i.Findings = kept(r.findings)
	blocked := r.Ended*5 > r.base && !i.Confirmed
	if i.Faults() > 0 || !i.Apply || blocked {
		i.State, i.IDs = supervision.ImportChecked, map[string]supervision.UUID{}
		return nil
	}
	for _, step := range r.steps {
		if err := step(); err != nil {
			return err
		}
	}
	i.State, i.Rows = supervision.ImportApplied, nil
	return service.Recheck(tx, r.about...)
}

// kept orders findings by line, and cuts off what is too many: warnings before faults, so that a list which is clean stays so.
func kept(all []supervision.Finding) []supervision.Finding {
	byLine := func(a, b supervision.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Pointer, b.Pointer))
	}
	slices.SortStableFunc(all, byLine)
	if len(all) <= mostFindings {
		return all
	}
	first := slices.Clone(all)
	slices.SortStableFunc(first, func(a, b supervision.Finding) int {
		switch {
		case a.Warning == b.Warning:
			return 0
		case b.Warning:
			return -1
		}
		return 1
	})
	first, rest := first[:mostFindings-1], first[mostFindings-1:]
	slices.SortStableFunc(first, byLine)
	return append(slices.Clip(first), supervision.Finding{Line: all[len(all)-1].Line, Warning: rest[0].Warning, Code: "max-items",
		Detail: "There are more findings than are kept. Correct these first."})
}

// judge reads every row.
func (r *importing) judge(s *Service) error {
	if r.may.rows != nil {
		r.fault(1, "", "forbidden", "Whoever made this import may no longer make it.")
		return nil
	}
	header := false
	for _, row := range r.Rows {
		r.findings = append(r.findings, row.Faults...)
		header = header || slices.ContainsFunc(row.Faults, func(f supervision.Finding) bool { return f.Line == 1 && f.Code == "required" })
	}
	if header {
		return nil // without an obligatory column every row would have the same fault
	}
	rows := slices.DeleteFunc(slices.Clone(r.Rows), func(row supervision.ImportRow) bool { return len(row.Columns) == 0 })
	if len(rows) > mostRows {
		r.fault(rows[mostRows].Line, "", "max-items", "A list has at most %d rows; send it in parts.", mostRows)
		return nil
	}
	switch r.Kind {
	case supervision.ImportOrganisations:
		return r.organisations(rows)
	case supervision.ImportPeople:
		return r.people(rows)
	case supervision.ImportLines:
		return r.lines(s, rows)
	}
	return r.pairs(rows)
}

// mostRows is how many rows a list may have.
const mostRows = 10_000

func (r *importing) fault(line int, column, code, format string, args ...any) {
	r.note(line, column, false, code, format, args...)
}

func (r *importing) warn(line int, column, code, format string, args ...any) {
	r.note(line, column, true, code, format, args...)
}

func (r *importing) note(line int, column string, warning bool, code, format string, args ...any) {
	r.findings = append(r.findings, finding(line, column, warning, code, format, args...))
}

func finding(line int, column string, warning bool, code, format string, args ...any) supervision.Finding {
	f := supervision.Finding{Line: line, Warning: warning, Code: code, Detail: fmt.Sprintf(format, args...)}
	if column != "" {
		f.Pointer = "/" + column
	}
	return f
}

// then keeps a step for later, counts it, and notes whose sessions it is about.
func (r *importing) then(count *int, step func() error, about ...supervision.PersonID) {
	*count++
	r.steps = append(r.steps, step)
	r.about = append(r.about, about...)
}
