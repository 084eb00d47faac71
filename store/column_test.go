package store_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kreds/store"
	"kreds/supervision"
)

// foreign are the tables of the engines that the house uses; tables without a row struct are written by plain statements.
func foreign(table string) bool {
	return strings.HasPrefix(table, "river_") || table == "goose_db_version" || table == "sqlite_sequence"
}

var plainTables = []string{"session_time"}

// column is one column as a database has it.
type column struct {
	Type   string
	Null   bool
	Key    int    // its place in the primary key, from 1; 0: not of it
	Origin string // tables whose rows it points at
}

// schema reads the tables of the house from the catalogue of the database.
func (h *house) schema() map[string]map[string]column {
	h.t.Helper()
	query := `SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES',
		coalesce((SELECT k.ordinal_position FROM information_schema.table_constraints p JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
			WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), 0),
		coalesce((SELECT string_agg(DISTINCT f.confrelid::regclass::text, ',' ORDER BY f.confrelid::regclass::text) FROM pg_constraint f
			JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
			WHERE f.contype = 'f' AND f.conrelid = c.table_name::regclass AND a.attname = c.column_name), '')
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'`
	if h.SQLite() {
		query = `SELECT m.name, c.name, c.type, c."notnull" = 0, c.pk,
			coalesce((SELECT group_concat(f."table") FROM (SELECT DISTINCT "table" FROM pragma_foreign_key_list(m.name) WHERE "from" = c.name ORDER BY "table") f), '')
			FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	}
	rows, err := h.SQL().QueryContext(h.t.Context(), query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string]map[string]column{}
	for rows.Next() {
		var table, name string
		var c column
		if err := rows.Scan(&table, &name, &c.Type, &c.Null, &c.Key, &c.Origin); err != nil {
			h.t.Fatal(err)
		}
		if foreign(table) {
			continue
		}
		if tables[table] == nil {
			tables[table] = map[string]column{}
		}
		tables[table][name] = c
	}
	if err := rows.Err(); err != nil || len(tables) == 0 {
		h.t.Fatal(len(tables), err)
	}
	return tables
}

// kinds says what a column must be to hold a member of a row, in PostgreSQL and in SQLite.
func kinds(t reflect.Type) (postgres, sqlite string) {
	switch {
	case t == store.InstantType:
		return "timestamp with time zone", "INTEGER"
	case t == store.MaybeType || t.Kind() == reflect.String:
		return "text", "TEXT"
	case t == reflect.TypeFor[supervision.Date]():
		return "date", "TEXT"
	case t.Kind() == reflect.Array:
		return "uuid", "TEXT"
	case store.Document(t):
		return "jsonb", "TEXT"
	case t == reflect.TypeFor[[]byte]():
		return "bytea", "BLOB"
	case t.Kind() == reflect.Bool:
		return "boolean", "INTEGER"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64, t.Kind() == reflect.Pointer:
		return "integer or bigint", "INTEGER"
	}
	return "nothing of this house: " + t.String(), ""
}

func TestRowsAndColumnsAreTheSame(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		tables, rows := h.schema(), store.Columns()
		for table := range tables {
			if _, ok := rows[table]; !ok && !slices.Contains(plainTables, table) {
				t.Errorf("table %s has no row struct; add it to rowStructs", table)
			}
		}
		for table, members := range rows {
			left := maps.Clone(tables[table])
			for _, m := range members {
				c, ok := left[m.Name]
				if !ok {
					t.Errorf("%s.%s is in the row and not in the table", table, m.Name)
					continue
				}
				delete(left, m.Name)
				want, lite := kinds(m.Type)
				if h.SQLite() {
					want = lite
				}
				if !slices.Contains(strings.Split(want, " or "), c.Type) {
					t.Errorf("%s.%s is %s, its row asks for %s", table, m.Name, c.Type, want)
				}
				if c.Null && !store.TakesNull(m.Type) {
					t.Errorf("%s.%s may be null, and %s cannot be read from null", table, m.Name, m.Type)
				}
				if m.Key != (c.Key > 0) {
					t.Errorf("%s.%s: of the row's key %v, of the table's %v", table, m.Name, m.Key, c.Key > 0)
				}
			}
			for name := range left {
				t.Errorf("%s.%s is in the table and not in the row", table, name)
			}
		}
	})
}

// Beside the keys that carry the tenant, only what must be found before the tenant is known is unique over all of them.
func TestEveryKeyCarriesTheTenant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for table, columns := range h.schema() {
			c, ok := columns["tenant"]
			if !ok || c.Key != 1 || c.Null {
				t.Errorf("%s: the tenant is not the first part of its primary key: %+v", table, c)
			}
			points := map[string]bool{}
			for name, c := range columns {
				if name != "tenant" && c.Origin != "" {
					for _, to := range strings.Split(c.Origin, ",") {
						points[to] = true
					}
				}
			}
			for to := range points {
				if !slices.Contains(strings.Split(c.Origin, ","), to) {
					t.Errorf("%s points at %s without its tenant", table, to)
				}
			}
			if c.Origin == "" && table != "tenant" {
				t.Errorf("%s: the tenant points at nothing", table)
			}
		}
		open := []string{"feed(hash)", "tenant(name)", "token(hash)"}
		if got := h.uniques(); !slices.Equal(got, open) {
			t.Errorf("unique over all tenants are %q, want %q", got, open)
		}
	})
}

// uniques lists the unique keys of the house in which no tenant is.
func (h *house) uniques() (open []string) {
	h.t.Helper()
	query := `SELECT i.indrelid::regclass::text, string_agg(a.attname, ',') FROM pg_index i
		JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
		WHERE i.indisunique AND i.indrelid::regclass::text NOT LIKE 'pg_%' GROUP BY i.indexrelid, i.indrelid`
	if h.SQLite() {
		query = `SELECT m.name, group_concat(c.name) FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
			WHERE m.type = 'table' AND i."unique" GROUP BY m.name, i.name`
	}
	rows, err := h.SQL().QueryContext(h.t.Context(), query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, columns string
		if err := rows.Scan(&table, &columns); err != nil {
			h.t.Fatal(err)
		}
		if !foreign(table) && !strings.Contains(table, ".") && !slices.Contains(strings.Split(columns, ","), "tenant") {
			open = append(open, fmt.Sprintf("%s(%s)", table, columns))
		}
	}
	slices.Sort(open)
	return open
}
