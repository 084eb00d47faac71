package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"kreds/supervision"
)

// copied is a deep copy of a value, in which other ids stand. The zero id stays.
func copied(v reflect.Value, other func([16]byte) [16]byte) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Array:
		if v.Type().ConvertibleTo(reflect.TypeFor[[16]byte]()) && !v.IsZero() {
			return reflect.ValueOf(other(v.Convert(reflect.TypeFor[[16]byte]()).Interface().([16]byte))).Convert(v.Type())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(copied(v.Field(i), other))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				c.Index(i).Set(copied(v.Index(i), other))
			}
		}
	}
	return c
}

// same is for copied: the ids stay.
func same(id [16]byte) [16]byte { return id }

// nobodys is furniture with ids that nobody has.
func (f furniture) nobodys() furniture {
	fresh := map[[16]byte][16]byte{}
	return copied(reflect.ValueOf(f), func(old [16]byte) [16]byte {
		if _, ok := fresh[old]; !ok {
			fresh[old] = id[[16]byte]()
		}
		return fresh[old]
	}).Interface().(furniture)
}

// samples finds values of each type in the furniture. Ids of any kind are those of the objects that have one.
func (f furniture) samples() map[reflect.Type][]reflect.Value {
	all, seen := map[reflect.Type][]reflect.Value{}, map[any]bool{}
	add := func(v reflect.Value) {
		if v.Comparable() && (v.IsZero() || seen[v.Interface()]) {
			return
		} else if v.Comparable() {
			seen[v.Interface()] = true
		}
		all[v.Type()] = append(all[v.Type()], v)
	}
	for i := range reflect.TypeFor[furniture]().NumField() {
		v := reflect.ValueOf(f).Field(i)
		if v.Kind() == reflect.Slice {
			v = v.Index(0)
		}
		add(v)
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				if v.Field(i).Kind() == reflect.Array {
					add(v.Field(i))
				}
			}
		}
	}
	add(reflect.ValueOf(f.Session.Mentors[0]))
	all[reflect.TypeFor[supervision.UUID]()] = nil
	for _, any := range []supervision.UUID{f.Enrolment.Mentor.Any(), f.Session.ID.Any(), f.Run.ID.Any(), f.Connection.ID.Any()} {
		all[reflect.TypeFor[supervision.UUID]()] = append(all[reflect.TypeFor[supervision.UUID]()], reflect.ValueOf(any))
	}
	return all
}

// dump prints the rows of a tenant, table by table.
func (h *house) dump(of supervision.TenantID) map[string]string {
	h.t.Helper()
	tables := map[string]string{}
	for table := range h.schema() {
		rows, err := h.SQL().QueryContext(h.t.Context(), "SELECT * FROM "+table+" WHERE tenant = $1", of)
		if err != nil {
			h.t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			h.t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				h.t.Fatal(err)
			}
			var line []string
			for i, v := range values {
				line = append(line, fmt.Sprintf("%s=%v", columns[i], *v.(*any)))
			}
			lines = append(lines, strings.Join(line, " "))
		}
		if err := rows.Err(); err != nil {
			h.t.Fatal(err)
		}
		slices.Sort(lines)
		tables[table] = strings.Join(lines, "\n")
	}
	return tables
}

// filled makes sure that no table of a tenant is empty.
func (h *house) filled(of supervision.TenantID) {
	h.t.Helper()
	for table, rows := range h.dump(of) {
		if rows == "" {
			h.t.Errorf("furnish puts nothing into %s", table)
		}
	}
}
