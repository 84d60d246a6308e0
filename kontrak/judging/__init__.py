"""Judging of answers: expectations, verdicts, failure texts, waivers."""
