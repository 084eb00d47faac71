package booking

import (
	"kreds/store"
	"kreds/supervision"
)

// diverged is the name under which a session is flagged whose event somebody has moved or deleted in their own calendar.
const diverged = "event-diverged"

// astray is what those who answer for a session learn of its events outside: that one at least is not as it was written. It
// does not tell whose, and not what they did with it; nor does it refuse a confirmation, for a calendar is no answer.
func astray(tx *store.Tx, x supervision.Session) ([]supervision.Reason, error) {
	rows, err := tx.DeliveriesOf([]supervision.SessionID{x.ID})
	for _, d := range rows {
		if d.State == supervision.DeliveryDiverged && !d.Shown.Absent {
			return []supervision.Reason{{
				Rule:   diverged,
				Detail: "The event of this session was moved or deleted in the calendar of somebody who takes part.",
				Help:   []string{"Ask all who take part whether the time still holds, and move the session if it does not."},
			}}, err
		}
	}
	return nil, err
}
