// Renders a Helm chart as Helm does, where there is no Helm: Go's templates, the functions of sprig and Helm's own,
// values checked by values.schema.json with the library that Helm 3 uses, YAML read with the one of Helm and Kubernetes.
//
//	render CHART [-release NAME] [-namespace NAME] [-kube VERSION] [-values FILE]...
//
// Prints one JSON document: what the templates made, by file, and the text of NOTES.txt. Ends with 1 and Helm's kind of
// sentence when the chart refuses the values.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

type values = map[string]interface{}

type paths []string

func (list *paths) String() string { return strings.Join(*list, ",") }
func (list *paths) Set(path string) error {
	*list = append(*list, path)
	return nil
}

func main() {
	var files paths
	release := flag.String("release", "desk", "name of the release")
	namespace := flag.String("namespace", "help-desk", "namespace of the release")
	kube := flag.String("kube", "v1.33.0", "version of Kubernetes")
	flag.Var(&files, "values", "file with values; later ones win")
	flag.Parse()
	result, err := render(flag.Arg(0), files, *release, *namespace, *kube)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

type rendered struct {
	Documents []document `json:"documents"`
	Notes     string     `json:"notes"`
}

type document struct {
	Template string      `json:"template"`
	Object   interface{} `json:"object"`
}

func render(folder string, files []string, release, namespace, kube string) (*rendered, error) {
	chart, err := readYAML(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return nil, err
	}
	all, err := readYAML(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		more, err := readYAML(file)
		if err != nil {
			return nil, err
		}
		all = merged(all, more)
	}
	if err := checkSchema(filepath.Join(folder, "values.schema.json"), all); err != nil {
		return nil, err
	}
	top := values{
		"Values": all,
		"Chart":  capitalized(chart),
		"Release": values{
			"Name": release, "Namespace": namespace, "Service": "Helm",
			"IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
		"Capabilities": values{"KubeVersion": values{"Version": kube, "GitVersion": kube}},
		"Files":        chartFiles(folder),
	}
	return execute(folder, top)
}

func readYAML(path string) (values, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found := values{}
	if err := yaml.UnmarshalStrict(text, &found); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

// merged lays values over others; null takes one away.
func merged(under, over values) values {
	both := values{}
	for name, value := range under {
		both[name] = value
	}
	for name, value := range over {
		inner, isMap := value.(values)
		below, wasMap := both[name].(values)
		switch {
		case value == nil:
			delete(both, name)
		case isMap && wasMap:
			both[name] = merged(below, inner)
		default:
			both[name] = value
		}
	}
	return both
}

func checkSchema(path string, all values) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(text), gojsonschema.NewGoLoader(all))
	if err != nil {
		return err
	}
	if result.Valid() {
		return nil
	}
	lines := []string{"values don't meet the specifications of the schema(s):"}
	for _, problem := range result.Errors() {
		lines = append(lines, "- "+problem.String())
	}
	return errors.New(strings.Join(lines, "\n"))
}

// capitalized gives Chart.yaml's fields the names that templates use.
func capitalized(chart values) values {
	named := values{}
	for name, value := range chart {
		named[strings.ToUpper(name[:1])+name[1:]] = value
	}
	return named
}

type chartFiles string

// Get is the text of a file of the chart, and nothing where there is none.
func (folder chartFiles) Get(name string) string {
	text, err := os.ReadFile(filepath.Join(string(folder), name))
	if err != nil {
		return ""
	}
	return string(text)
}

func execute(folder string, top values) (*rendered, error) {
	all := template.New("chart")
	// As Helm: https://github.com/helm/helm/blob/v3.18.0/pkg/engine/engine.go
	all.Option("missingkey=zero")
	all.Funcs(functions(all))
	found, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	if err != nil {
		return nil, err
	}
	sort.Strings(found)
	chart := top["Chart"].(values)["Name"].(string)
	var names []string
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name := chart + "/templates/" + filepath.Base(path)
		if _, err := all.New(name).Parse(string(text)); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(filepath.Base(path), "_") {
			names = append(names, name)
		}
	}
	result := &rendered{Documents: []document{}}
	for _, name := range names {
		top["Template"] = values{"Name": name, "BasePath": chart + "/templates"}
		var text strings.Builder
		if err := all.ExecuteTemplate(&text, name, top); err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, "NOTES.txt") {
			result.Notes = withoutGaps(text.String())
			continue
		}
		documents, err := split(name, withoutGaps(text.String()))
		if err != nil {
			return nil, err
		}
		result.Documents = append(result.Documents, documents...)
	}
	return result, nil
}

// withoutGaps has nothing where a value is missing, as with Helm.
func withoutGaps(text string) string { return strings.ReplaceAll(text, "<no value>", "") }

var between = regexp.MustCompile(`(?:^|\n)---\s*\n`)

func split(name, text string) ([]document, error) {
	var found []document
	for _, part := range between.Split(text, -1) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		var object interface{}
		if err := yaml.UnmarshalStrict([]byte(part), &object); err != nil {
			return nil, fmt.Errorf("%s: %w in\n%s", name, err, part)
		}
		if object != nil {
			found = append(found, document{name, object})
		}
	}
	return found, nil
}

// functions are sprig's without the environment, and Helm's own.
func functions(all *template.Template) template.FuncMap {
	known := sprig.TxtFuncMap()
	delete(known, "env")
	delete(known, "expandenv")
	known["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	known["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	known["fail"] = func(message string) (string, error) { return "", errors.New(message) }
	known["fromYaml"] = func(text string) (values, error) {
		found := values{}
		err := yaml.Unmarshal([]byte(text), &found)
		return found, err
	}
	known["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	return known
}
