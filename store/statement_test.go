package store_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"kreds/supervision"
)

// everyTenant are the statements that belong to no tenant: how a secret finds its tenant, the list of tenants for the
// house's own work, and locks.
var everyTenant = []string{
	"SELECT * FROM token WHERE hash = ? LIMIT ?",
	"SELECT * FROM feed WHERE hash = ? AND state = 'active' LIMIT ?",
	"SELECT * FROM tenant ORDER BY name",
	"SELECT pg_advisory_xact_lock(?)",
	"SET LOCAL lock_timeout = '2s'",
	"SET LOCAL lock_timeout TO DEFAULT",
}

var (
	quotes       = strings.NewReplacer(`"`, "", "`", "")
	placeholders = regexp.MustCompile(`\$\d+`)
	spaces       = regexp.MustCompile(`\s+`)
	source       = regexp.MustCompile(`(?i)\b(from|join|update|into)\s+([a-z_]+)(?:\s+as)?(?:\s+([a-z]+))?`)
	keywords     = strings.Fields("WHERE SET ON JOIN LEFT ORDER LIMIT GROUP VALUES DO FOR SELECT")
)

// walls is a watcher: each statement of the suite names the tenant for each table that it touches.
func walls(t *testing.T) func(string, []any) {
	return func(statement string, args []any) {
		bound := slices.ContainsFunc(args, func(a any) bool { id, ok := a.(supervision.TenantID); return ok && !id.IsZero() })
		if fault := unwalled(statement, bound); fault != "" {
			t.Errorf("%s: %s", fault, statement)
		}
	}
}

// unwalled says which table of a statement is not cut to the tenant, or nothing. A table is cut by a condition on its own
// tenant, or by one that makes it equal to the tenant of another; what is inserted names it among its columns.
func unwalled(statement string, bound bool) string {
	s := spaces.ReplaceAllString(placeholders.ReplaceAllString(quotes.Replace(strings.TrimSpace(statement)), "?"), " ")
	if slices.Contains(everyTenant, s) {
		return ""
	}
	if !bound {
		return "no argument is a tenant"
	}
	named := map[string]int{}
	for _, m := range source.FindAllStringSubmatch(s, -1) {
		verb, table, alias := strings.ToUpper(m[1]), m[2], m[3]
		if verb == "UPDATE" && strings.EqualFold(table, "set") { // ON CONFLICT DO UPDATE SET
			continue
		}
		switch {
		case verb == "INTO":
			_, rest, _ := strings.Cut(s, m[0])
			columns, _, _ := strings.Cut(rest, ")")
			if !slices.Contains(strings.FieldsFunc(columns, func(r rune) bool { return strings.ContainsRune(" (,", r) }), "tenant") {
				return "a row of " + table + " is put without its tenant"
			}
		case alias == "" || slices.Contains(keywords, strings.ToUpper(alias)):
			_, where, _ := strings.Cut(s, " WHERE ")
			if !regexp.MustCompile(`(^|[^.\w])(` + table + `\.)?tenant = `).MatchString(where) {
				return table + " is not cut to a tenant"
			}
		default:
			named[alias]++
		}
	}
	for alias, times := range named {
		if conditions := regexp.MustCompile(`\b`+alias+`\.tenant = |= `+alias+`\.tenant\b`).FindAllString(s, -1); len(conditions) < times {
			return alias + " is not cut to a tenant"
		}
	}
	return ""
}

func TestTheWatcherOfStatementsFindsWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		statement string
		bound, ok bool
	}{
		{`SELECT t.* FROM person AS t WHERE t.tenant = $1 AND t.id = $2`, true, true},
		{`SELECT t.* FROM person AS t WHERE t.tenant = $1 AND t.id = $2`, false, false},
		{`SELECT t.* FROM person AS t WHERE t.id = $2`, true, false},
		{"INSERT INTO `person` (`tenant`,`id`) VALUES (?,?) ON CONFLICT (`tenant`) DO UPDATE SET `id`=`excluded`.`id`", true, true},
		{`INSERT INTO person (id) VALUES (?)`, true, false},
		{`UPDATE "person" SET "name"=$1 WHERE "id" = $2 AND "tenant" = $3 AND version = $4`, true, true},
		{`UPDATE person SET tenant = $1 WHERE id = $2`, true, false},
		{`UPDATE person SET name = $1 WHERE id = $2`, true, false},
		{`DELETE FROM person WHERE id IN (?,?)`, true, false},
		{`SELECT t.id FROM person AS t WHERE t.tenant = ? AND EXISTS (SELECT 1 FROM attendance a WHERE a.person_id = t.id)`, true, false},
		{`SELECT t.id FROM person AS t WHERE t.tenant = ? AND EXISTS (SELECT 1 FROM attendance a WHERE a.tenant = t.tenant AND a.person_id = t.id)`, true, true},
		{`SELECT t.id FROM pair AS t JOIN pair_party a ON a.tenant = t.tenant JOIN pair_party b ON b.pair_id = t.id WHERE t.tenant = ?`, true, false},
		{`SELECT 1 FROM pair AS t WHERE t.tenant = ? AND (EXISTS (SELECT 1 FROM person o WHERE o.tenant = t.tenant) OR EXISTS (SELECT 1 FROM person o))`, true, false},
		{`SELECT * FROM token WHERE hash = $1 LIMIT $2`, false, true},
		{`SELECT * FROM token WHERE prefix = $1 LIMIT $2`, false, false},
	} {
		if fault := unwalled(c.statement, c.bound); (fault == "") != c.ok {
			t.Errorf("%q, bound %v: %q", c.statement, c.bound, fault)
		}
	}
}
