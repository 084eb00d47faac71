package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

const keyBytes = 32 // AES-256

// Masters are the numbered master keys of a deployment. New data keys are wrapped by the highest number.
type Masters struct {
	keys   map[uint32][]byte
	newest uint32
}

// Create makes a key file with one master key. It never overwrites a file: its loss would close all that was sealed.
func Create(path string) (*Masters, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("seal: cannot make the key file: %w", err)
	}
	m := &Masters{keys: map[uint32][]byte{1: random(keyBytes)}, newest: 1}
	_, err = f.Write(m.text())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("seal: cannot write the key file: %w", err)
	}
	return m, nil
}

// Load reads a key file: one line for each master key, its number and 32 bytes in base64. A file that others can read is
// refused.
func Load(path string) (*Masters, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("seal: cannot read the key file: %w. Maybe KREDS_KEY_FILE names another file, or `kreds init` has not run", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("seal: the key file %s can be read by others (mode %04o); make it 0600", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: cannot read the key file: %w", err)
	}
	return Parse(text)
}

// Parse reads the text of a key file.
func Parse(text []byte) (*Masters, error) {
	m := &Masters{keys: map[uint32][]byte{}}
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		number, encoded, _ := strings.Cut(line, " ")
		id, err := strconv.ParseUint(number, 10, 32)
		key, err2 := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || err2 != nil || id == 0 || len(key) != keyBytes {
			return nil, fmt.Errorf("seal: line %d of the key file is no number and 32 bytes in base64", n+1)
		}
		if _, twice := m.keys[uint32(id)]; twice {
			return nil, fmt.Errorf("seal: the key file has two keys with number %d", id)
		}
		m.keys[uint32(id)] = key
		m.newest = max(m.newest, uint32(id))
	}
	if m.newest == 0 {
		return nil, errors.New("seal: the key file holds no key")
	}
	return m, nil
}

func (m *Masters) text() []byte {
	var b bytes.Buffer
	b.WriteString("# Master keys of Kreds. Without this file nothing that was sealed opens again: back it up, apart from the database.\n")
	numbers := make([]uint32, 0, len(m.keys))
	for n := range m.keys {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		fmt.Fprintf(&b, "%d %s\n", n, base64.StdEncoding.EncodeToString(m.keys[n]))
	}
	return b.Bytes()
}

// Derive makes a key for one purpose, which tells nothing of the master key. It changes when a newer master key is added.
func (m *Masters) Derive(purpose string) []byte {
	k, err := hkdf.Key(sha256.New, m.keys[m.newest], nil, "kreds "+purpose, keyBytes)
	if err != nil {
		panic(err) // only for lengths that a hash cannot give
	}
	return k
}

// wrapped values: version, number of the master key, GCM.
const wrapVersion = 1

// Wrap seals a new data key with the newest master key; id is the data key's own.
func (m *Masters) wrap(id [16]byte, key []byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte{wrapVersion}, m.newest)
	return gcm(m.keys[m.newest]).Seal(head, nil, key, append(slices.Clone(head), id[:]...))
}

func (m *Masters) unwrap(id [16]byte, wrapped []byte) ([]byte, error) {
	if len(wrapped) < 5 || wrapped[0] != wrapVersion {
		return nil, errors.New("seal: a data key is in a form that this version does not know")
	}
	number := binary.BigEndian.Uint32(wrapped[1:5])
	master, ok := m.keys[number]
	if !ok {
		return nil, fmt.Errorf("seal: master key %d is missing from the key file", number)
	}
	key, err := gcm(master).Open(nil, nil, wrapped[5:], append(slices.Clone(wrapped[:5]), id[:]...))
	if err != nil {
		return nil, errors.New("seal: a data key does not open; maybe this is another deployment's key file")
	}
	return key, nil
}

// gcm is AES-256-GCM with a random nonce before the ciphertext.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // keys are 32 bytes by construction
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand, since Go 1.24)
	return b
}

// Random makes the bytes of a new symmetric key.
func (m *Masters) Random() []byte { return random(keyBytes) }
