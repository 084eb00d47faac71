package api

// What the tests reach besides the public doors.
var (
	NewEcho    = newEcho
	DocsPolicy = docsPolicy
)

// DecodeStrict decodes and gives the codes of what it found.
func DecodeStrict(text []byte) (value any, found []string, err error) {
	value, findings, err := decodeStrict(text)
	for _, f := range findings {
		found = append(found, f.code+" "+f.pointer)
	}
	return value, found, err
}
