package main

import (
	"context"
	"fmt"
	"strings"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

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
	secret := func() (seal.Secret, error) {
		made, err := people.MakeToken(ctx, house, n)
		return made.Secret, err
	}
	if *out != "" {
		return toFile(*out, secret, func() { fmt.Fprintf(p.stdout, "The token is in %s and lives %d days.\n", *out, *days) })
	}
	made, err := secret()
	if err == nil {
		fmt.Fprintln(p.stdout, made.Reveal())
	}
	return err
}
