package roster

import (
	"kreds/service"
	"kreds/supervision"
)

func (r *importing) organisations(rows []supervision.ImportRow) error {
	all, err := r.tx.Organisations()
	if err != nil {
		return err
	}
	there := map[string]supervision.Organisation{}
	for _, o := range all {
		if o.ExternalID != "" {
			there[o.ExternalID] = o
		}
	}
	seen, missing := map[string]int{}, 0
	for _, in := range rows {
		x := r.read(in)
		key, _ := x.text("external_id")
		x.unique(seen, "external_id", key)
		before, exists := there[key]
		o := before
		o.ExternalID = key
		o.Name, _ = x.text("name")
		o.Kind = one(x, "kind", "", supervision.Company, supervision.Association, supervision.ProviderOrg)
		o.TimeZone = x.zone("time_zone")
		if o.Country, _ = x.text("country"); o.Country != "" && !countryShape.MatchString(o.Country) {
			x.fault("country", "format", "Must have this form: DK")
		}
		switch {
		case x.bad:
		case exists && service.Same(before, o):
			r.Unchanged++
			r.IDs[key] = o.ID.Any()
		case exists:
			r.IDs[key] = o.ID.Any()
			r.then(&r.Updated, func() error { return r.tx.PutOrganisation(&o) })
		default:
			o.ID = service.New[supervision.OrganisationID](r.house)
			r.IDs[key] = o.ID.Any()
			r.then(&r.Created, func() error { return r.tx.PutOrganisation(&o) })
		}
	}
	for key := range there {
		if _, named := seen[key]; !named {
			missing++
		}
	}
	r.stay(missing, "organisations")
	return nil
}

// stay warns that a full list of people or organisations removes nobody.
func (r *importing) stay(missing int, what string) {
	if r.Full && missing > 0 {
		r.warn(1, "", "not-removed", "%d %s that were imported before are not in the list. A list removes none; end their roles, lines and pairs instead.", missing, what)
	}
}
