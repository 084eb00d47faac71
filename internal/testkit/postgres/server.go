package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"kreds/internal/testkit/process"
)

// start makes a cluster in a temporary folder and runs it on a free loopback port until this process ends.
func start() (string, error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	cred, err := unprivileged()
	if err != nil {
		return "", err
	}
	var last error
	for range 3 { // a port that was free may be taken by the time the server asks for it
		url, err := cluster(bin, cred)
		if err == nil {
			return url, nil
		}
		last = err
	}
	return "", last
}

// cluster makes a cluster in a folder of its own and serves it.
func cluster(bin string, cred *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("", "kreds-postgres-")
	if err != nil {
		return "", err
	}
	if cred != nil {
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return "", err
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+data, "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	return serve(bin, dir, data, cred)
}

// serve starts the server and waits until it answers.
func serve(bin, dir, data string, cred *syscall.Credential) (string, error) {
	port, err := process.FreePort()
	if err != nil {
		return "", err
	}
	server, err := process.Start(process.Command{
		Path: filepath.Join(bin, "postgres"),
		Args: []string{"-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
			"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200"},
		Dir:    dir,
		Remove: dir,
		Signal: "QUIT", // PostgreSQL's immediate shutdown
		As:     cred,
	})
	if err != nil {
		return "", err
	}
	url := "postgres://postgres@127.0.0.1:" + strconv.Itoa(port) + "/postgres?sslmode=disable"
	if err := await(url, data); err != nil {
		return "", server.Failed(fmt.Errorf("the server does not answer: %w", err))
	}
	server.Keep()
	return url, nil
}

// await waits until the server takes connections, and makes sure that it is ours and not another one on the same port.
func await(url, data string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			var folder string
			err = conn.QueryRow(ctx, "SHOW data_directory").Scan(&folder)
			if err == nil && folder != data {
				err = errors.New("another server has taken the port")
			}
			return errors.Join(err, conn.Close(ctx))
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// binaries finds the folder that holds initdb and postgres, of the newest version there is.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/opt/homebrew/opt/postgresql@*/bin/initdb", "/usr/local/opt/postgresql@*/bin/initdb"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, paths...)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no PostgreSQL on this machine: install the package postgresql (sh scripts/test-deps.sh), or set %s", Variable)
	}
	sort.Slice(found, func(i, j int) bool { return version(found[i]) < version(found[j]) })
	return filepath.Dir(found[len(found)-1]), nil
}

// version reads the version number out of …/15/bin/initdb or …/postgresql@17/bin/initdb.
func version(initdb string) int {
	name := filepath.Base(filepath.Dir(filepath.Dir(initdb)))
	name = name[strings.LastIndex(name, "@")+1:]
	n, _ := strconv.Atoi(name)
	return n
}

// unprivileged returns whom the server runs as: PostgreSQL refuses to run as root, so root hands it to the user postgres.
// nil means the present user.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres to run it as: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
