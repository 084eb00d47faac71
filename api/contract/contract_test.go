package contract_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGeneratedCodeIsCurrent runs the generator and compares: the code in the tree is what openapi.yaml says now.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	out := filepath.Join(t.TempDir(), "contract.gen.go")
	config, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(elsewhere, bytes.Replace(config, []byte("output: contract.gen.go"), []byte("output: "+out), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile("../../openapi.yaml"); err != nil { // so that the test cache knows what the tool reads
		t.Fatal(err)
	}
	if text, err := exec.Command("go", "tool", "oapi-codegen", "-config", elsewhere, "../../openapi.yaml").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	now, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	there, err := os.ReadFile("contract.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(now, there) {
		t.Error("contract.gen.go is not what openapi.yaml says; run go generate ./api/...")
	}
}
