// Package prep holds the prepared form of a problem: what its search, its questions and its explanations read millions of
// times, worked out once.
//
// The starts of a round are numbered along a Grid; the starts at which a person may be in a session of a certain length are a
// set of such numbers (Bits), so that the times at which several people can meet are an AND. Beside each start stand the
// Flags of what it costs. Who may meet whom is a matrix of Bits.
//
// A start that is in a person's set keeps every rule that looks at this person and facts outside of the plan: working hours,
// busy and blocked time, standing sessions, earliest and latest. What depends on the other sessions of a plan, and on who else
// sits in it, is left to the caller. The package decides nothing: package check is the law, and tests hold the two equal.
package prep
