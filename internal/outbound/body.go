package outbound

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A body that inflates to more than maxRatio times its size on the wire is a bomb; below ratioFrom octets nobody minds.
const (
	maxRatio  = 100
	ratioFrom = 1 << 20
)

// call is one call in progress.
type call struct {
	ctx    context.Context // of the call; its cause says why we ended it
	caller context.Context
	end    func(cause error)
	host   string
}

// fail turns an error into the one that the caller sees.
func (c *call) fail(err error) error {
	return &Error{Kind: kindOf(err, c.ctx, c.caller), Host: c.host}
}

// take puts the limits around an answer's body. On error the body is closed.
func (c *Client) take(resp *http.Response, at *call) error {
	b := &body{call: at, wire: &wire{src: resp.Body, call: at}, left: c.options.MaxBody}
	b.plain = b.wire
	refuse := func(kind error) error {
		b.Close()
		return &Error{Kind: kind, Host: at.host}
	}
	switch strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))) {
	case "", "identity":
		if resp.ContentLength > c.options.MaxBody && resp.Request.Method != http.MethodHead {
			return refuse(ErrTooLarge)
		}
	case "gzip", "x-gzip":
		b.plain = &inflater{wire: b.wire}
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
		resp.ContentLength, resp.Uncompressed = -1, true
	default:
		return refuse(ErrEncoding)
	}
	resp.Body = b
	return nil
}

// body is an answer's body within its limits, inflated.
type body struct {
	*call
	wire  *wire
	plain io.Reader
	read  int64
	left  int64
	err   error // what every further Read says
}

// Read reads up to the limit. An answer that is exactly as large as the limit is taken.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.plain.Read(p)
	b.read += int64(n)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		n--
		b.err = &Error{Kind: ErrTooLarge, Host: b.host}
	case b.plain != io.Reader(b.wire) && b.read > ratioFrom && b.read/maxRatio > b.wire.read:
		b.err = &Error{Kind: ErrTooLarge, Host: b.host}
	case errors.Is(err, io.EOF):
		b.err = io.EOF
	case err != nil:
		b.err = b.fail(err)
	}
	return n, b.err
}

// Close ends the call.
func (b *body) Close() error {
	err := b.wire.src.Close()
	b.end(nil)
	if err != nil {
		return b.fail(err)
	}
	return nil
}

// wire is the body as it comes. It counts, and ends the call when the server takes too long over it; the time that the
// caller takes between two reads is not the server's.
type wire struct {
	*call
	src  io.ReadCloser
	read int64
	wait time.Duration
}

func (w *wire) Read(p []byte) (int, error) {
	patience := graceTime + time.Duration(w.read)*time.Second/bodyRate - w.wait
	watch := time.AfterFunc(patience, func() { w.end(errSlow) })
	begin := time.Now()
	n, err := w.src.Read(p)
	w.wait += time.Since(begin)
	watch.Stop()
	w.read += int64(n)
	return n, err
}

// inflater reads gzip (RFC 1952); it looks at the header with the first Read, so that an answer without a body is no error.
type inflater struct {
	wire *wire
	zip  *gzip.Reader
	once sync.Once
	err  error
}

func (i *inflater) Read(p []byte) (int, error) {
	i.once.Do(func() { i.zip, i.err = gzip.NewReader(i.wire) })
	if i.err != nil {
		return 0, i.err
	}
	return i.zip.Read(p)
}
