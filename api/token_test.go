package api_test

import (
	"context"
	"testing"
	"time"

	"kreds/store"
	"kreds/supervision"
)

// TestReadersDoNotWaitForWriters: that a token was used is noted beside a read. While somebody else writes it is left, and the
// next read notes it.
func TestReadersDoNotWaitForWriters(t *testing.T) {
	b := build(t)
	_, mentor := b.person("ida", supervision.RoleMentor)
	used := func() any {
		return b.want(200, mentor, "GET", "/v1/tokens", nil).JSON["items"].([]any)[0].(object)["last_used_at"]
	}
	held, release, ended := make(chan bool), make(chan bool), make(chan error)
	go func() {
		ended <- b.Store.Update(context.Background(), b.actor, func(*store.Tx) error { close(held); <-release; return nil })
	}()
	<-held
	begun := time.Now()
	if at := used(); at != nil {
		t.Errorf("while somebody writes, its use was noted at %v", at)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("a read waited %s for a writer", took)
	}
	close(release)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if at := used(); at == nil {
		t.Error("with nobody in the way, its use was not noted")
	}
}
