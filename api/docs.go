package api

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"kreds"
)

// docsPath is where the interactive documentation stands.
const docsPath = "/docs"

// addPages serves the contract as YAML and as JSON, and the documentation made from it. Everything comes out of the binary.
func addPages(e *echo.Echo, document *Document) error {
	asJSON, err := document.T.MarshalJSON()
	if err != nil {
		return fmt.Errorf("api: the document cannot be written as JSON: %w", err)
	}
	e.GET("/openapi.yaml", page("application/yaml; charset=utf-8", kreds.OpenAPI()))
	e.GET("/openapi.json", page("application/json; charset=utf-8", asJSON))

	ui := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: document.T.Info.Title, SwaggerJSON: "/openapi.json", BasePath: docsPath + "/",
		// No validator elsewhere, no stored credentials, no address of a document from the query.
		SettingsUI: map[string]string{
			"validatorUrl": "null", "persistAuthorization": "false", "queryConfigEnabled": "false", "defaultModelsExpandDepth": "0",
		},
	})
	index := httptest.NewRecorder()
	ui.ServeHTTP(index, httptest.NewRequest(http.MethodGet, docsPath+"/", nil))
	html := index.Body.Bytes()
	csp := docsPolicy(html)
	show := func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", csp)
		return page("text/html; charset=utf-8", html)(c)
	}
	e.GET(docsPath, show)
	e.GET(docsPath+"/", show)
	e.GET(docsPath+"/*", func(c echo.Context) error {
		if strings.Contains(c.Param("*"), "/") {
			return echo.ErrNotFound
		}
		answer := &found{ResponseWriter: c.Response()}
		c.Response().Header().Set("Cache-Control", "public, max-age=86400")
		ui.ServeHTTP(answer, c.Request())
		if answer.missing {
			return echo.ErrNotFound
		}
		return nil
	})
	return nil
}

// page serves bytes that do not change while the process lives.
func page(media string, body []byte) echo.HandlerFunc {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	return func(c echo.Context) error {
		c.Response().Header().Set("ETag", tag)
		c.Response().Header().Set("Cache-Control", "no-cache")
		notModified(c)
		return c.Blob(http.StatusOK, media, body)
	}
}

// found turns the file server's own 404 into ours.
type found struct {
	http.ResponseWriter
	missing bool
}

func (f *found) WriteHeader(status int) {
	if f.missing = status == http.StatusNotFound; !f.missing {
		f.ResponseWriter.WriteHeader(status)
	}
}

func (f *found) Write(b []byte) (int, error) {
	if f.missing {
		return len(b), nil
	}
	return f.ResponseWriter.Write(b)
}

var inline = regexp.MustCompile(`(?s)<(script|style)>(.*?)</(?:script|style)>`)

// docsPolicy allows the page its own files and, by hash, its own inline script and style; nothing from elsewhere, and calls
// to this service alone.
func docsPolicy(html []byte) string {
	sources := map[string][]string{"script": {"'self'"}, "style": {"'self'"}}
	for _, m := range inline.FindAllSubmatch(html, -1) {
		sum := sha256.Sum256(m[2])
		kind := string(m[1])
		sources[kind] = append(sources[kind], "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return "default-src 'none'; script-src " + strings.Join(sources["script"], " ") + "; style-src " + strings.Join(sources["style"], " ") +
		"; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
