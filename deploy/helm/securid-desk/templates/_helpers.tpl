{{/* The beginning of a text, as a value of a label or as a name: with a letter or a digit at each end. */}}
{{- define "securid-desk.begin" -}}
{{- index . 1 | trunc (index . 0) | regexFind "[A-Za-z0-9].*[A-Za-z0-9]|[A-Za-z0-9]" -}}
{{- end -}}

{{- define "securid-desk.name" -}}
{{- include "securid-desk.begin" (list 52 (.Values.nameOverride | default .Chart.Name)) -}}
{{- end -}}

{{/* At most 52 characters: Kubernetes puts the name of a StatefulSet and a hash into a label of 63. */}}
{{- define "securid-desk.fullname" -}}
{{- $name := include "securid-desk.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- include "securid-desk.begin" (list 52 .Values.fullnameOverride) -}}
{{- else if contains $name .Release.Name -}}
{{- include "securid-desk.begin" (list 52 .Release.Name) -}}
{{- else -}}
{{- include "securid-desk.begin" (list 52 (printf "%s-%s" .Release.Name $name)) -}}
{{- end -}}
{{- end -}}

{{/* These never change: a StatefulSet's selector and claims cannot. */}}
{{- define "securid-desk.selectorLabels" -}}
app.kubernetes.io/name: {{ include "securid-desk.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "securid-desk.labels" -}}
helm.sh/chart: {{ include "securid-desk.begin" (list 63 (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_")) }}
{{ include "securid-desk.selectorLabels" . }}
app.kubernetes.io/version: {{ include "securid-desk.begin" (list 63 (.Values.image.tag | default .Chart.AppVersion)) | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "securid-desk.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "securid-desk.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "securid-desk.image" -}}
{{- $repository := required "image.repository: name the image that you have built with the Dockerfile and pushed" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* A value of config as the text of its variable; lists with commas. */}}
{{- define "securid-desk.text" -}}
{{- if kindIs "slice" . -}}
{{- join "," . -}}
{{- else if kindIs "float64" . -}}
{{- int64 . -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{/* The variables that come from the Secret here, separated by spaces. */}}
{{- define "securid-desk.secrets" -}}
SLACK_BOT_TOKEN
{{- if eq .Values.mode "http" }} SLACK_SIGNING_SECRET{{ else }} SLACK_APP_TOKEN{{ end }}
{{- if .Values.config.SECURID_OAUTH_CLIENT_ID }} SECURID_OAUTH_PRIVATE_KEY{{ else }} SECURID_API_KEY{{ end }}
{{- if .Values.redis.enabled }} REDIS_URL{{ end }}
{{- if .Values.proxy.enabled }} HTTPS_PROXY{{ end }}
{{- end -}}

{{/* The ports at which Slack and SecurID are, separated by spaces: 443, and those that a URL names. */}}
{{- define "securid-desk.httpsPorts" -}}
{{- $ports := list "443" -}}
{{- range list "SLACK_API_URL" "SECURID_OAUTH_ISSUER_URL" "SECURID_ADMIN_API_URL" -}}
{{- with get $.Values.config . -}}
{{- with regexFind ":[0-9]+$" (urlParse .).host -}}
{{- $ports = append $ports (trimPrefix ":" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- join " " (uniq $ports) -}}
{{- end -}}

{{/* The ports at which proxies are, separated by spaces; empty without a proxy. */}}
{{- define "securid-desk.proxyPorts" -}}
{{- $ports := list -}}
{{- if .Values.proxy.enabled -}}
{{- $ports = append $ports (int .Values.proxy.port | toString) -}}
{{- end -}}
{{- with .Values.config.HTTP_PROXY -}}
{{- $port := regexFind ":[0-9]+/?$" . | trimPrefix ":" | trimSuffix "/" -}}
{{- $ports = append $ports ($port | default (ternary "443" "80" (hasPrefix "https://" .))) -}}
{{- end -}}
{{- join " " (uniq $ports) -}}
{{- end -}}

{{/* What the stop takes when Slack is slow, in seconds, and what is drained before. */}}
{{- define "securid-desk.stopSeconds" -}}
{{- $drain := ternary (int .Values.config.DRAIN_SECONDS) 0 (eq .Values.mode "http") -}}
{{- add 45 $drain -}}
{{- end -}}

{{/* Ends in a sentence where labels or annotations among the values repeat what the chart sets itself. */}}
{{- define "securid-desk.checkAdded" -}}
{{- range $key, $_ := .added -}}
{{- if has $key $.own -}}
{{- fail (printf "%s: the chart itself sets %s. Leave it out" $.value $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "securid-desk.check" -}}
{{- $labels := include "securid-desk.labels" . | fromYaml | keys -}}
{{- include "securid-desk.checkAdded" (dict "value" "podLabels" "added" .Values.podLabels "own" $labels) -}}
{{- include "securid-desk.checkAdded" (dict "value" "metrics.serviceMonitor.labels" "added" .Values.metrics.serviceMonitor.labels "own" $labels) -}}
{{- include "securid-desk.checkAdded" (dict "value" "metrics.prometheusRule.labels" "added" .Values.metrics.prometheusRule.labels "own" $labels) -}}
{{- $annotations := list "kubectl.kubernetes.io/default-container" "checksum/config" -}}
{{- include "securid-desk.checkAdded" (dict "value" "podAnnotations" "added" .Values.podAnnotations "own" $annotations) -}}
{{- if not (regexMatch "^((\\[[0-9a-fA-F:]+\\]|[a-zA-Z0-9][-a-zA-Z0-9.]*)(:[0-9]+)?/)?[a-z0-9]+([-_.]+[a-z0-9]+)*(/[a-z0-9]+([-_.]+[a-z0-9]+)*)*$" (.Values.image.repository | default "none")) -}}
{{- fail "image.repository: give the image without https:// and without its tag, such as registry.example.com/securid-desk. The tag is image.tag" -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" (include "securid-desk.fullname" .)) -}}
{{- fail "fullnameOverride: the name of a Service begins with a letter and has no dots. Rename the release, or set fullnameOverride=securid-desk" -}}
{{- end -}}
{{- if and (gt (int .Values.replicaCount) 1) (not .Values.redis.enabled) -}}
{{- fail "replicaCount: two or more instances share limits, approvals and lockdown in Redis. Set redis.enabled=true and put REDIS_URL into the Secret, or replicaCount=1" -}}
{{- end -}}
{{- if and (gt (int .Values.replicaCount) 10) (ne .Values.mode "http") -}}
{{- fail "replicaCount: Slack takes ten connections of an app in Socket Mode. Set mode=http, or at most replicaCount=10" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (ne .Values.mode "http") -}}
{{- fail "ingress.enabled: in Socket Mode nothing comes in. Set mode=http, or ingress.enabled=false" -}}
{{- end -}}
{{- if and (eq .Values.mode "http") (eq (int .Values.config.PORT) (int .Values.config.OPS_PORT)) -}}
{{- fail "config.PORT and config.OPS_PORT: Slack's requests and the metrics need different ports" -}}
{{- end -}}
{{- if contains "@" (.Values.config.HTTP_PROXY | default "") -}}
{{- fail "config.HTTP_PROXY: a password is a secret. Set proxy.enabled=true, put HTTPS_PROXY into the Secret, and leave config.HTTP_PROXY empty" -}}
{{- end -}}
{{- end -}}
