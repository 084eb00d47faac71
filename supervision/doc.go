// Package supervision is the language of the house: the words, ids, states, conflicts, access policy and errors of
// mentoring the mentors. It is pure: no I/O, no clock, no chance.
//
// # Words
//
//   - supervision: reflective dialogue of mentors about their practice with a trained practitioner; not oversight.
//   - supervisor: leads sessions, and stands outside of everybody's reporting line.
//   - mentor: the supervisee. mentee: whom the mentor mentors; never present in supervision.
//   - pair: a mentoring relationship of any kind, with one or more mentors and mentees.
//   - programme: what an organisation runs; it has one lead programme manager.
//   - cycle: a series of supervision sessions for the mentors of a programme; round: one step of it.
//   - introduction: the session for all mentors before the rounds.
//   - group: three to five mentors and their supervisor who meet through a cycle.
//   - placement: a mentor's seat in a cycle, which they accept or object to.
//   - session: one meeting, of kind introduction, individual or group. on_hold: its time is held; completed: it took
//     place. (The word "held" means both, so it is not used.)
//   - plan: computed; session: booked. event: outside, in a calendar; session: ours.
//   - busy: observed in a calendar; availability: declared by a person.
//   - formative, normative, restorative: the three aspects of supervision: growing skills; ethics, standards and
//     boundaries; support and recharging.
//   - direct manager: the next manager in a person's line, derived by date, never assigned.
package supervision
