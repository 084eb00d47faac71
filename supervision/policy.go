package supervision

import (
	"fmt"
	"slices"
)

// Action is one operation of the contract, by its operationId. Every operation has its row in the policy table.
type Action string

// View is the projection of an object that a caller gets. It is one letter, part of the object's tag.
type View string

const (
	Deny           View = "-" // shows nothing, whatever else would; deny wins
	ViewManager    View = "m" // what those who run it see
	ViewOwner      View = "o" // what somebody sees of their own
	ViewSupervisor View = "s"
	ViewMember     View = "g" // a fellow member
	ViewReader     View = "r" // what everybody sees who may see it at all
	ViewHealth     View = "h" // that it works, not what it holds
	ViewLogistics  View = "l" // when, how, where, in which state
)

// Grant gives those who stand so to the subject a view of it. Where one scope is named, it alone of the row's scopes opens the
// grant to a token.
type Grant struct {
	Relation RelationKind
	View     View
	Scope    Scope
}

// Row is one action: which scopes open it to a token (none: every credential), whom it is granted to, the better view
// first, and by which action its object is seen: who sees it but may not act is told so, to others it is absent.
type Row struct {
	Action Action
	Scopes []Scope
	Grants []Grant
	See    Action
	Anyone bool // everybody who is signed in; it shows nothing of anybody
}

// Decide returns the view that a caller with these relations to the subject gets; ok is false when there is none.
func (r Row) Decide(has []RelationKind) (v View, ok bool) {
	if r.Anyone {
		return ViewReader, true
	}
	for _, g := range r.Grants {
		if g.View == Deny && slices.Contains(has, g.Relation) {
			return Deny, false
		}
	}
	for _, g := range r.Grants {
		if slices.Contains(has, g.Relation) {
			return g.View, true
		}
	}
	return Deny, false
}

// running are the relations of those who run the house or a part of it.
var running = []RelationKind{Manages, ManagerIn, HRIn, OperatorIn}

// OpenedTo is the row as far as the actor's credential opens it; ok is false where it opens nothing of it. Where self is one
// of several scopes that open an action, self alone opens what its person has by themselves, and not what they have by
// running the house: a token for one's own things is no manager's.
func (r Row) OpenedTo(a Actor) (_ Row, ok bool) {
	if !a.Opens(r.Scopes) {
		return Row{}, false
	}
	r.Grants = slices.DeleteFunc(slices.Clone(r.Grants), func(g Grant) bool { return g.Scope != "" && !a.Opens([]Scope{g.Scope}) })
	others := slices.DeleteFunc(slices.Clone(r.Scopes), func(s Scope) bool { return s == ScopeSelf })
	if len(others) == 0 || len(others) == len(r.Scopes) || a.Opens(others) {
		return r, true
	}
	r.Grants = slices.DeleteFunc(r.Grants, func(g Grant) bool { return g.View != Deny && slices.Contains(running, g.Relation) })
	return r, true
}

// Kinds lists the relations that grant the action, and those that deny it.
func (r Row) Kinds() (grant, deny []RelationKind) {
	for _, g := range r.Grants {
		if g.View == Deny {
			deny = append(deny, g.Relation)
		} else {
			grant = append(grant, g.Relation)
		}
	}
	return grant, deny
}

// Policy returns the row of an action. An action without a row is a fault of ours and is denied to everybody.
func Policy(a Action) (Row, error) {
	r, ok := policy[a]
	if !ok {
		return Row{}, fmt.Errorf("supervision: action %q has no row in the policy table", a)
	}
	return r, nil
}

// Actions lists every action of the table.
func Actions() []Action {
	list := make([]Action, 0, len(policy))
	for a := range policy {
		list = append(list, a)
	}
	slices.Sort(list)
	return list
}

var policy = index(table)

func index(rows []Row) map[Action]Row {
	m := make(map[Action]Row, len(rows))
	for _, r := range rows {
		if _, twice := m[r.Action]; twice {
			panic("supervision: two rows for " + r.Action)
		}
		m[r.Action] = r
	}
	return m
}
