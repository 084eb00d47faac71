package api

import (
	"net/http"

	"golang.org/x/text/language"
)

// Language is a language in which the service speaks.
type Language string

const (
	English Language = "en"
	Danish  Language = "da"
)

var languages = language.NewMatcher([]language.Tag{language.English, language.Danish})

// LanguageOf is the language that the request likes best, English if it names none of ours.
func LanguageOf(r *http.Request) Language {
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > 500 {
		return English
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return English
	}
	if _, i, c := languages.Match(tags...); i == 1 && c > language.No {
		return Danish
	}
	return English
}
