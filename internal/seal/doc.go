// Package seal encrypts what must not be read from a dump of the database: passwords of calendars, results kept for
// repeated requests, instances, and later every confidential text.
//
// It is envelope encryption. A key file, which only the service can read, holds numbered master keys. A data key belongs to
// a person, a session or a tenant, and stands in the database wrapped by a master key. A sealed value names its data key
// and is bound to its place, table, column, tenant and row, so that a ciphertext moved to another row does not open.
// Destroying a data key erases all that it sealed.
//
// What it does not do: it does not protect against somebody who has the key file and the database, nor against a running
// process that was taken over.
package seal
