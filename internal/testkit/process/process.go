// Package process runs servers for tests as children that never outlive the test process, however that ends.
package process

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

// guard runs the server as its child and ends it when standard input ends. The write end of that pipe is held by the test
// process alone, so it closes even when that is killed.
const guard = `signal=$1; remove=$2; shift 2
"$@" </dev/null & pid=$!
while read -r _; do :; done
kill -s "$signal" $pid 2>/dev/null
wait $pid
if [ -n "$remove" ]; then cd / && rm -rf "$remove"; fi
exit 0`

// Command says what to run.
type Command struct {
	Path   string
	Args   []string
	Dir    string              // where it runs, and where its output is kept
	Remove string              // a folder that goes when the server has ended; "": none
	Signal string              // that ends it: KILL unless something else is named
	As     *syscall.Credential // nil: as the present user
}

// Server is a running child.
type Server struct {
	cmd  *exec.Cmd
	end  io.Closer
	log  string
	once sync.Once
	err  error
}

// Start runs a command until Stop or until this process ends.
func Start(c Command) (*Server, error) {
	if c.Signal == "" {
		c.Signal = "KILL"
	}
	log, err := os.Create(filepath.Join(c.Dir, filepath.Base(c.Path)+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := append([]string{"-c", guard, "guard", c.Signal, c.Remove, c.Path}, c.Args...)
	s := &Server{cmd: exec.Command("/bin/sh", args...), log: log.Name()}
	s.cmd.Dir = c.Dir
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.As}
	if s.end, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return s, s.cmd.Start()
}

// Stop ends the child and waits for it. It may be called again.
func (s *Server) Stop() error {
	s.once.Do(func() { s.err = errors.Join(s.end.Close(), s.cmd.Wait()) })
	return s.err
}

// Keep lets the child run until this process ends.
func (s *Server) Keep() { kept.Store(s, true) }

// kept holds the pipes of children that run to the end, so that no finalizer closes one.
var kept sync.Map

// Failed stops a child that does not do its work and adds what it said to the error.
func (s *Server) Failed(err error) error {
	said, readErr := os.ReadFile(s.log) // before the folder goes
	return errors.Join(fmt.Errorf("%w; it said: %s", err, said), readErr, s.Stop())
}

// FreePort asks the system for a loopback port that nobody uses now. Somebody else may take it meanwhile: whoever starts a
// server on it should try again with another.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
