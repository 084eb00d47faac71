package roster

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"kreds/service"
	"kreds/supervision"
)

// ReadCSV reads a list in CSV (RFC 4180, UTF-8, commas, an obligatory header): a row for each record, under the number of the
// line on which it begins. What is wrong with the text itself is noted at its line; reading goes on behind it.
func ReadCSV(in io.Reader, kind supervision.ImportKind) ([]supervision.ImportRow, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return []supervision.ImportRow{{Line: 1, Faults: []supervision.Finding{finding(1, "", false, "required", "The first line must name the columns: %s.", strings.Join(columnNames(kind), ","))}}}, nil
	}
	for i := range header {
		header[i] = service.Tidy(header[i])
	}
	rows := headerFaults(header, kind)
	for {
		record, err := r.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.As(err, &syntax):
			rows = append(rows, supervision.ImportRow{Line: syntax.StartLine, Faults: []supervision.Finding{
				finding(syntax.StartLine, "", false, "csv", "The quotes of this row cannot be read: a quote inside of a value is doubled, and the whole value stands in quotes.")}})
			continue
		case err != nil:
			return nil, err
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, csvRow(line, header, record, kind))
	}
}

// headerFaults notes unknown, missing and repeated columns at line 1.
func headerFaults(header []string, kind supervision.ImportKind) []supervision.ImportRow {
	var faults []supervision.Finding
	for i, name := range header {
		switch _, ok := columnOf(kind, name); {
		case !ok && strings.ContainsAny(name, ";\t") && len(header) == 1:
			faults = append(faults, finding(1, "", false, "csv", "The columns are divided by commas here, not by %q.", name[strings.IndexAny(name, ";\t")]))
		case !ok:
			faults = append(faults, finding(1, shown(name), false, "unknown-field", "There is no column %q. There are: %s.", shown(name), strings.Join(columnNames(kind), ", ")))
		case slices.Index(header, name) < i:
			faults = append(faults, finding(1, name, false, "duplicate-key", "The column %s stands here more than once.", name))
		}
	}
	for _, c := range columns[kind] {
		if c.required && !slices.Contains(header, c.name) {
			faults = append(faults, finding(1, c.name, false, "required", "The column %s is missing.", c.name))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return []supervision.ImportRow{{Line: 1, Faults: faults}}
}

// csvRow puts the values of a record under its columns. Unknown columns were noted at the header.
func csvRow(line int, header, record []string, kind supervision.ImportKind) supervision.ImportRow {
	out := supervision.ImportRow{Line: line, Columns: map[string]string{}}
	if len(record) > len(header) {
		out.Faults = append(out.Faults, finding(line, "", false, "csv", "The row has %d values for %d columns. Maybe a value with a comma lacks its quotes.", len(record), len(header)))
	}
	for i, name := range header {
		c, ok := columnOf(kind, name)
		if !ok || i >= len(record) {
			continue
		}
		out.Columns[name] = record[i]
		if c.list {
			out.Columns[name] = strings.Join(strings.Split(strings.ReplaceAll(record[i], supervision.ListSeparator, ";"), ";"), supervision.ListSeparator)
		}
	}
	return out
}
