"""The texts of the files that ``kontrak init`` writes."""

from __future__ import annotations

HEADER = """#:schema ./{schema}
# A target for the provider `{provider}`, written by `kontrak init`. Fill it in, then:
#   kontrak doctor --target {target}     says what is wrong with it and spends nothing
#   kontrak run --target {target}
"""

ENVIRONMENT = (
    ".env.example",
    """# Copy to .env, fill in, and never commit it. kontrak reads the environment, not this file:
#   set -a; . ./.env; set +a
""",
)

WAIVERS = """# Deviations that are accepted for now.
# `kontrak waive CLAUSE --target {target}` writes them.
"""

GITHUB = """# kontrak every night on GitHub Actions; the runner needs no clone of kontrak.
# kontrak is on no public index: KONTRAK_PACKAGE, a variable of the repository, names the
# address of your wheel, or a package of your own index.
name: kontrak
on:
  schedule:
    - cron: "0 19 * * *" # 02:00 WIB
  workflow_dispatch:
permissions:
  contents: read
jobs:
  conformance:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - uses: actions/setup-node@v4
        with:
          node-version: "22"
      - run: pip install "${{{{ vars.KONTRAK_PACKAGE || 'kontrak[report]=={version}' }}}}"
      - run: kontrak run --target {target}
        env:
{secrets}      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: kontrak
          path: reports
"""

GITLAB = """# kontrak on GitLab CI, in scheduled pipelines; it needs no clone of kontrak.
# kontrak is on no public index: KONTRAK_PACKAGE, a variable of the project, names the
# address of your wheel, or a package of your own index.
# Variables of the project, masked: {names}
kontrak:
  image: python:3.12-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" || $CI_PIPELINE_SOURCE == "web"
  script:
    - pip install "${{KONTRAK_PACKAGE:-kontrak=={version}}}"
    - kontrak run --target {target}
  artifacts:
    when: always
    paths: [reports]
"""
