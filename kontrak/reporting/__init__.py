"""Results of a run: conformance.json, terminal, Allure, HTML report, statement, merging."""
