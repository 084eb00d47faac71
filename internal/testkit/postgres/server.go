package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
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
	var last error
	for range 3 { // a port that was free may be taken by the time the server asks for it
		url, err := serve(bin, dir, data, cred)
		if err == nil {
			return url, nil
		}
		last = err
	}
	return "", errors.Join(last, os.RemoveAll(dir))
}

// guard runs the server as its child and stops it when standard input ends: the write end of that pipe is held by the test
// process alone, so the server never outlives it, not even when the process is killed.
const guard = `dir=$1; shift
"$@" </dev/null & pid=$!
while read -r _; do :; done
kill -QUIT $pid 2>/dev/null
wait $pid
cd / && rm -rf "$dir"`

// serve starts the server and waits until it answers.
func serve(bin, dir, data string, cred *syscall.Credential) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	cmd := exec.Command("/bin/sh", "-c", guard, "guard", dir, filepath.Join(bin, "postgres"), "-D", data,
		"-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	// The pipe stays open for as long as the process lives; nothing is ever written to it.
	end, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	url := "postgres://postgres@127.0.0.1:" + strconv.Itoa(port) + "/postgres?sslmode=disable"
	if err := await(url); err != nil {
		said, _ := os.ReadFile(log.Name())
		err = fmt.Errorf("the server does not answer: %w: %s", err, said)
		return "", errors.Join(err, end.Close(), cmd.Wait())
	}
	keep = append(keep, end)
	return url, nil
}

// keep holds the pipes that keep servers alive, so that no finalizer closes one.
var keep []any

// await waits until the server takes connections.
func await(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freePort asks the system for a port that nobody uses now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
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
