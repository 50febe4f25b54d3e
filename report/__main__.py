"""A report as JSON comes in, its picture goes out: how `making` has it drawn."""

import sys

from domain.reporting.report import Report
from report.picture import picture

sys.stdout.buffer.write(picture(Report.model_validate_json(sys.stdin.buffer.read())))
