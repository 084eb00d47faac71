package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kreds/internal/seal"
	"kreds/service/roster"
)

func runInit(ctx context.Context, p *program, args []string) error {
	f := p.flags("init", "--tenant NAME --organisation NAME --time-zone ZONE --manager NAME --email ADDRESS [flags]",
		"Makes the key file and the database if they are not there, the first tenant with its first organisation, and the first programme manager, whose token goes into a file.\nKey file and token file have mode 0600. Nothing that exists is overwritten.")
	var n roster.Founding
	f.StringVar(&n.Tenant, "tenant", "", "name of the tenant: the house that runs programmes")
	f.StringVar(&n.Language, "language", "en", "language of its people where nothing else is said, for example da")
	f.StringVar(&n.Organisation, "organisation", "", "name of its first organisation")
	f.StringVar(&n.Country, "country", "DK", "country of the organisation, ISO 3166 two letters")
	f.StringVar(&n.TimeZone, "time-zone", "", "IANA time zone of organisation and manager, for example Europe/Copenhagen")
	f.StringVar(&n.Manager, "manager", "", "name of the first programme manager")
	f.StringVar(&n.Email, "email", "", "e-mail address of the first programme manager")
	f.StringVar(&n.ExternalID, "external-id", "manager", "how other systems name the manager")
	f.IntVar(&n.Days, "days", 90, "how long the manager's token lives")
	out := f.String("token-file", "manager.token", "where the manager's token is written")
	if err := parse(f, args); err != nil {
		return err
	}
	var missing []string
	for _, m := range []struct{ flag, value string }{{"tenant", n.Tenant}, {"organisation", n.Organisation}, {"time-zone", n.TimeZone}, {"manager", n.Manager}, {"email", n.Email}} {
		if strings.TrimSpace(m.value) == "" {
			missing = append(missing, "--"+m.flag)
		}
	}
	if len(missing) > 0 {
		return bad("%s missing. See kreds init -h.", strings.Join(missing, ", "))
	}
	c, err := loadConfig(p.getenv)
	if err != nil {
		return err
	}
	if err := n.Check(); err != nil {
		return err
	}
	return toFile(*out, func() (seal.Secret, error) {
		_, err := os.Stat(c.KeyFile)
		if errors.Is(err, os.ErrNotExist) {
			if _, err = seal.Create(c.KeyFile); err == nil {
				fmt.Fprintf(p.stdout, "Key file %s made. Back it up, apart from the database: without it nothing that was sealed opens again.\n", c.KeyFile)
			}
		}
		if err != nil {
			return seal.Secret{}, err
		}
		s, _, err := migrated(ctx, c)
		if err != nil {
			return seal.Secret{}, err
		}
		s.Close()
		h, err := openHouse(ctx, c, c.logger())
		if err != nil {
			return seal.Secret{}, err
		}
		defer h.Store.Close()
		_, secret, err := roster.New(h).Found(ctx, n)
		return secret, err
	}, func() {
		fmt.Fprintf(p.stdout, "Tenant %q is there. The token of %s is in %s and lives %d days.\nNext: kreds serve\n", n.Tenant, n.Manager, *out, n.Days)
	})
}

// toFile makes a secret and writes it into a new file that only its owner reads. The file is opened before anything is made,
// so that no secret is made that cannot be kept, and is gone again if none was made.
func toFile(path string, secret func() (seal.Secret, error), then func()) error {
	path = filepath.Clean(path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the token: %w. Nothing was made; name a file that is not there yet, in a folder that is", err)
	}
	s, err := secret()
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(path))
	}
	_, err = fmt.Fprintln(f, s.Reveal())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("the token was made and could not be written: %w. Revoke it and make another one with kreds token", err)
	}
	then()
	return nil
}
