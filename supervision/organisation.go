package supervision

// Organisation is a company, an association or a provider whose people take part.
type Organisation struct {
	ID          OrganisationID
	ExternalID  string
	Name        string
	Kind        OrganisationKind
	Country     string   // ISO 3166-1 alpha-2, or empty
	TimeZone    string   // IANA
	Competitors []string // names of competitor groups: organisations that share one are not mixed in a group (H23)
	// HolidaysVersion is the version of its holidays, which have a tag of their own.
	HolidaysVersion int
	Version         int
}

// OrganisationKind is what an organisation is.
type OrganisationKind string

const (
	Company     OrganisationKind = "company"
	Association OrganisationKind = "association"
	ProviderOrg OrganisationKind = "provider"
)

// Holiday is a day on which nobody of an organisation meets (H16).
type Holiday struct {
	On   Date   `json:"on"`
	Name string `json:"name"`
}

// Tenant is one house: nothing of it is seen by another.
type Tenant struct {
	ID       TenantID
	Name     string
	Language string // BCP 47, the default of its people
}
