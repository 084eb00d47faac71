// Package store is the memory of the house: PostgreSQL or SQLite through GORM. It is a concrete library, not an interface;
// one suite of tests runs over both databases.
//
// # Transactions
//
// View is one read-only snapshot. Update is one transaction; its function may run more than once, talks to its Tx and to
// nobody else, and never inside another Update. No outside call and no solving happens inside a transaction. Locks are
// taken in one order everywhere: the key row, people by id, sessions by id, the rest.
//
// # Rows
//
// Row structs are unexported and stay here; callers see the words of package supervision. Every row carries its tenant in
// its key, and every statement names it: a Tx belongs to one tenant. GORM builds queries and scans; the migrations own the
// schema. Every put of a versioned row raises its version, is refused when the version it starts from is stale, and writes
// a row into the stream of changes.
package store
