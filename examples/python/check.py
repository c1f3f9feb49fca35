"""Everything that is wrong with a request, without a key and without sending it."""

import tramontane

request = {
    "model": "mistral-small-4",
    "seed": 7,
    "temperature": 3,
    "messages": [{"role": "user", "content": "What is a tramontane?"}],
}
report = tramontane.check(request)
for finding in report.findings:
    print(f"{finding.severity} at {finding.path}: {finding.message}")

request["random_seed"] = request.pop("seed")
request["temperature"] = 0.3
prepared = tramontane.build(request)
print(f"{prepared.method} {prepared.url} for {prepared.body['model']}")
