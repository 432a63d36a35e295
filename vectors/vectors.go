// Package vectors holds the golden vectors; README.md describes their form.
package vectors

import "embed"

// Files has each set by its name: Files.ReadFile("presign.json").
//
//go:embed [a-j]*.json keys.json [p-z]*.json schema/*.json
var Files embed.FS
