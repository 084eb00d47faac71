package solve

import "slices"

// Pins of closed groups.

// frozenGroup numbers the groups among the frozen sessions of closed rounds: the same members, the same supervisor, and not
// twice in one round.
func (c *pinCompiler) frozenGroup(f *frozen) int {
	next := 0
	for _, o := range c.out.frozen {
		if o.group == none {
			continue
		}
		next = max(next, o.group+1)
		twice := slices.ContainsFunc(c.out.frozen, func(x frozen) bool { return x.group == o.group && x.round == f.round })
		if !twice && o.supervisor == f.supervisor && slices.Equal(o.members, f.members) {
			return o.group
		}
	}
	return next
}

// bindClosed joins what several pins say of one closed group.
func (c *pinCompiler) bindClosed(r int, members []int32, w want) {
	at := slices.IndexFunc(c.out.blocks, func(b block) bool {
		return c.closedAt[b.rounds[0]] >= 0 && slices.Contains(b.rounds, r) && slices.Equal(b.members, members) &&
			(w.supervisor == none || b.supervisor == none || w.supervisor == b.supervisor)
	})
	if at < 0 {
		for _, other := range c.closed {
			if c.any(c.out.blocked, other, members) {
				return
			}
		}
		b := block{members: members, supervisor: none, rounds: c.closed, wants: make([]want, len(c.closed)), named: make([]bool, len(c.closed)), group: none}
		for i, other := range c.closed {
			b.wants[i] = anything
			c.mark(c.out.blocked, other, members)
		}
		at = len(c.out.blocks)
		c.out.blocks = append(c.out.blocks, b)
	}
	b := &c.out.blocks[at]
	i := slices.Index(b.rounds, r)
	if b.wants[i], b.named[i] = w, true; w.supervisor != none {
		b.supervisor = w.supervisor
	}
	c.bindNamed(r, members)
}

// completeGroups makes a block of the rounds in which a frozen group is not frozen. Its members belong to it and to no other.
func (c *pinCompiler) completeGroups() {
	done := map[int]bool{none: true}
	for _, f := range c.out.frozen {
		if done[f.group] {
			continue
		}
		done[f.group] = true
		b := block{members: f.members, supervisor: f.supervisor, group: f.group}
		for _, r := range c.closed {
			if !c.any(c.out.blocked, r, f.members) {
				b.rounds, b.wants, b.named = append(b.rounds, r), append(b.wants, anything), append(b.named, false)
			}
			c.mark(c.out.blocked, r, f.members)
		}
		if len(b.rounds) > 0 {
			c.out.blocks = append(c.out.blocks, b)
		}
	}
}
