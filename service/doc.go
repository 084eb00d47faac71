// Package service holds what all use cases share: the call, its key and its tag, and what they work with. The use cases
// themselves are packages below it, one for each capability; they are the only place where a transaction begins and ends.
package service
