package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

// founder is what the first tenant is made of.
type founder struct {
	tenant, language       string
	organisation, country  string
	zone                   string
	externalID, name, mail string
	days                   int
}

func runInit(ctx context.Context, p *program, args []string) error {
	f := p.flags("init", "--tenant NAME --organisation NAME --time-zone ZONE --manager NAME --email ADDRESS [flags]",
		"Makes the key file and the database if they are not there, the first tenant with its first organisation, and the first programme manager, whose token goes into a file.\nKey file and token file have mode 0600. Nothing that exists is overwritten.")
	var n founder
	f.StringVar(&n.tenant, "tenant", "", "name of the tenant: the house that runs programmes")
	f.StringVar(&n.language, "language", "en", "language of its people where nothing else is said, for example da")
	f.StringVar(&n.organisation, "organisation", "", "name of its first organisation")
	f.StringVar(&n.country, "country", "DK", "country of the organisation, ISO 3166 two letters")
	f.StringVar(&n.zone, "time-zone", "", "IANA time zone of organisation and manager, for example Europe/Copenhagen")
	f.StringVar(&n.name, "manager", "", "name of the first programme manager")
	f.StringVar(&n.mail, "email", "", "e-mail address of the first programme manager")
	f.StringVar(&n.externalID, "external-id", "manager", "how other systems name the manager")
	f.IntVar(&n.days, "days", 90, "how long the manager's token lives")
	out := f.String("token-file", "manager.token", "where the manager's token is written")
	if err := parse(f, args); err != nil {
		return err
	}
	for name, v := range map[string]string{"tenant": n.tenant, "organisation": n.organisation, "time-zone": n.zone, "manager": n.name, "email": n.mail} {
		if strings.TrimSpace(v) == "" {
			return bad("--%s is missing. See kreds init -h.", name)
		}
	}
	c, err := loadConfig(p.getenv)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.KeyFile); errors.Is(err, os.ErrNotExist) {
		if _, err := seal.Create(c.KeyFile); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "Key file %s made. Back it up, apart from the database: without it nothing that was sealed opens again.\n", c.KeyFile)
	}
	s, _, err := migrated(ctx, c)
	if err != nil {
		return err
	}
	s.Close()
	h, err := openHouse(ctx, c, c.logger())
	if err != nil {
		return err
	}
	defer h.Store.Close()
	_, secret, err := found(ctx, h, n)
	if err != nil {
		return err
	}
	if err := writeSecret(*out, secret); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Tenant %q is there. The token of %s is in %s and lives %d days.\nNext: kreds serve\n", n.tenant, n.name, *out, n.days)
	return nil
}

// found makes a tenant with its first organisation and its first programme manager, and a token for them.
func found(ctx context.Context, h *service.House, n founder) (supervision.Tenant, seal.Secret, error) {
	people := roster.New(h)
	t, err := people.CreateTenant(ctx, n.tenant, n.language)
	if err != nil {
		return t, seal.Secret{}, err
	}
	house := service.Command(t.ID)
	o, err := people.CreateOrganisation(ctx, service.Call{Actor: house, Operation: "createOrganisation"}, supervision.Organisation{
		ExternalID: n.organisation, Name: n.organisation, Kind: supervision.Company, Country: n.country, TimeZone: n.zone})
	if err != nil {
		return t, seal.Secret{}, err
	}
	manager, err := people.CreatePerson(ctx, service.Call{Actor: house, Operation: "createPerson"}, supervision.Person{
		ExternalID: n.externalID, Name: n.name, Email: n.mail, Organisation: o.Value.Object.ID, TimeZone: n.zone, Languages: []string{n.language},
		WorkHours: supervision.OfficeHours()})
	if err != nil {
		return t, seal.Secret{}, err
	}
	id := manager.Value.Object.ID
	_, err = people.CreateRole(ctx, service.Call{Actor: house, Operation: "createRoleAssignment"}, supervision.RoleAssignment{
		Person: id, Role: supervision.RoleProgrammeManager, Scope: supervision.ScopeTenant, Subject: t.ID.Any()})
	if err != nil {
		return t, seal.Secret{}, err
	}
	made, err := people.MakeToken(ctx, house, roster.NewToken{Kind: supervision.PersonalToken, Name: "first manager", Person: id, Days: n.days,
		Scopes: []supervision.Scope{supervision.ScopeSelf, supervision.ScopePlanning, supervision.ScopeLogisticsRead, supervision.ScopeLogisticsWrite}})
	return t, made.Secret, err
}

// writeSecret writes a secret into a new file that only its owner reads.
func writeSecret(path string, s seal.Secret) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the token: %w. Maybe --token-file names a file that is there already", err)
	}
	_, err = fmt.Fprintln(f, s.Reveal())
	return errors.Join(err, f.Close())
}

func runToken(ctx context.Context, p *program, args []string) error {
	f := p.flags("token", "(--person EXTERNAL_ID | --integration NAME) --scopes LIST --days N [--tenant NAME] [--out FILE]",
		"Makes a token and shows its secret once, or writes it into a file of mode 0600.\nPersonal scopes: self, logistics.read, logistics.write, planning, content (at most 30 days), plan.instance (at most 7 days).\nIntegration scopes: logistics.read, logistics.write, people.import, lines.import, pairs.import, busy.write.")
	tenant := f.String("tenant", "", "name of the tenant; needed where there are several")
	person := f.String("person", "", "external id of the person whose token it is")
	integration := f.String("integration", "", "name of the integration whose token it is")
	scopes := f.String("scopes", "", "what it opens, separated by commas")
	days := f.Int("days", 0, "how long it lives")
	out := f.String("out", "", "a file for the secret; without it the secret is printed")
	if err := parse(f, args); err != nil {
		return err
	}
	if (*person == "") == (*integration == "") {
		return bad("give --person or --integration. See kreds token -h.")
	}
	c, err := loadConfig(p.getenv)
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, c, c.logger())
	if err != nil {
		return err
	}
	defer h.Store.Close()
	people := roster.New(h)
	t, err := people.Tenant(ctx, *tenant)
	if err != nil {
		return err
	}
	house := service.Command(t.ID)
	n := roster.NewToken{Kind: supervision.IntegrationToken, Name: *integration, Days: *days}
	if *person != "" {
		who, err := people.PersonCalled(ctx, house, *person)
		if err != nil {
			return bad("there is nobody with the external id %q in %q.", *person, t.Name)
		}
		n.Kind, n.Name, n.Person = supervision.PersonalToken, "made by kreds token", who.ID
	}
	for _, s := range strings.Split(*scopes, ",") {
		if s = strings.TrimSpace(s); s != "" {
			n.Scopes = append(n.Scopes, supervision.Scope(s))
		}
	}
	made, err := people.MakeToken(ctx, house, n)
	if err != nil {
		return err
	}
	if *out == "" {
		fmt.Fprintln(p.stdout, made.Secret.Reveal())
		return nil
	}
	if err := writeSecret(*out, made.Secret); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The token is in %s and lives %d days.\n", *out, *days)
	return nil
}
