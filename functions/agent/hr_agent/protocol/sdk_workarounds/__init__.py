"""Workarounds for a2a-sdk 1.3.0. Each module names the upstream issue or the SDK's line that makes it necessary.

exception_texts      texts of unexpected exceptions stay inside
json_rpc_requests    JSON-RPC: params are validated, a notification gets no body
json_validity        JSON that the dispatchers cannot handle is a parse error
request_params       no value of a request is dropped silently
rest_requests        HTTP+JSON: bodies and queries are validated
sdk_logs             the SDK does not log a caller's message
server_sent_events   events of a stream get their ids, and LF as line end
service_unavailable  an outage is answered with 503
v0_3_compat          A2A 0.3 has A2A's own errors
v0_3_names           A2A 0.3 over JSON-RPC: a misspelt name is not dropped
version_parameter    the A2A version may be a query parameter, and stand there twice

One more is OTEL_INSTRUMENTATION_A2A_SDK_ENABLED in template.yaml: without it the SDK traces its own internals if
OpenTelemetry is present (https://github.com/a2aproject/a2a-python/issues/604). Tests: test_sdk_workarounds.py.
"""
