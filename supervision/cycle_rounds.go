package supervision

// Apart lists the rounds, by their places, whose windows have no day in common with the cycle's.
func (c Cycle) Apart(rounds []Round) (places []int) {
	for i, r := range rounds {
		if _, ok := r.Window.Clip(c.Span); !ok {
			places = append(places, i)
		}
	}
	return places
}

// CheckWindows notes what is wrong with the windows of a cycle's rounds, which stand as a list at a pointer ("/rounds"): each
// ends after it begins and meets the cycle's days, its target lies in it, and no round is over before the one ahead of it
// begins (H11, H33). Windows may overlap: mentors have their sessions one after the other, each at their own pace.
func (c Cycle) CheckWindows(rounds []Round, f *Faults, at string) {
	var opened Date
	for i, r := range rounds {
		here := at + "/" + itoa(i)
		if r.Window.To.Before(r.Window.From) {
			f.Add(here+"/close_on", "end-before-start", "%s lies before %s; both are whole days and included.", r.Window.To, r.Window.From)
			continue
		}
		if _, ok := r.Window.Clip(c.Span); !ok {
			f.Add(here+"/open_on", "range", "The window from %s to %s lies outside of the cycle, which lasts from %s to %s.", r.Window.From, r.Window.To, c.Span.From, c.Span.To)
		}
		if !r.Target.IsZero() && !r.Window.Holds(r.Target) {
			f.Add(here+"/target_on", "range", "The target %s lies outside of the window from %s to %s.", r.Target, r.Window.From, r.Window.To)
		}
		if r.Window.To.Before(opened) {
			f.Add(here+"/close_on", "order", "The round is over on %s, before a round ahead of it begins on %s.", r.Window.To, opened)
		}
		if opened.Before(r.Window.From) {
			opened = r.Window.From
		}
	}
}
