"""The service's OpenAPI document held against a served building by schemathesis."""
