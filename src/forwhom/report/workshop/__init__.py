"""The pack for a workshop on the alignment of buyer, user and target impact, on paper."""

from forwhom.report.workshop.pack import WorkshopPack, workshop_pdf, write_workshop
from forwhom.report.workshop.plan import WorkshopPlan, plan_workshop

__all__ = ["WorkshopPack", "WorkshopPlan", "plan_workshop", "workshop_pdf", "write_workshop"]
