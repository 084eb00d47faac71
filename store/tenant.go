package store

import "kreds/supervision"

type tenantRow struct {
	Of          owned `gorm:"embedded"`
	Name        string
	Language    string
	DeliveryKey []byte
	MadeAt      instant
}

func (tenantRow) TableName() string { return "tenant" }

// PutTenant makes a tenant: the transaction's own. deliveryKey is sealed.
func (tx *Tx) PutTenant(t supervision.Tenant, deliveryKey []byte) error {
	return named(tx.insert(&tenantRow{tx.owned(), t.Name, t.Language, deliveryKey, at(tx.now)}))
}

// TenantOf is the transaction's tenant with its sealed delivery key.
func (tx *Tx) TenantOf() (supervision.Tenant, []byte, error) {
	r, err := first[tenantRow](tx.from("tenant"))
	return supervision.Tenant{ID: r.Of.Tenant, Name: r.Name, Language: r.Language}, r.DeliveryKey, err
}

// Tenants lists every tenant of the installation, by name: for the house's own periodic work and for its commands.
func (s *Store) Tenants(tx *Tx) ([]supervision.Tenant, error) {
	var rows []tenantRow
	err := tx.db.Table("tenant").Order("name").Scan(&rows).Error // every tenant
	return each(rows, classify(err), func(r tenantRow) supervision.Tenant {
		return supervision.Tenant{ID: r.Of.Tenant, Name: r.Name, Language: r.Language}
	})
}
