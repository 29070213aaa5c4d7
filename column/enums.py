"""The closed word lists of the domain (a leaf: imports nothing of ours)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a story is. ``POOLED`` is archive material whose kind nobody knows yet."""

    ARTICLE = "article", _("Bài viết")
    NEWS = "news", _("Tin")
    PHOTO = "photo", _("Ảnh")
    POOLED = "tin_anh", _("Tin, ảnh (chưa phân loại)")


class CreditRole(models.TextChoices):
    """What a byline did; printed before the names, but for plain text credits."""

    TEXT = "text", _("Bài")
    TEXT_AND_PHOTOS = "text_and_photos", _("Bài và ảnh")
    NEWS = "news", _("Tin")
    NEWS_AND_PHOTOS = "news_and_photos", _("Tin, ảnh")
    PHOTOS = "photos", _("Ảnh")
    EDITED = "edited", _("Biên soạn")


class CorrectionKind(models.TextChoices):
    UPDATE = "update", _("Cập nhật")
    CORRECTION = "correction", _("Đính chính")


class Rights(models.TextChoices):
    """Who owns a photo; ``UNKNOWN`` blocks nothing in the archive but is listed as incomplete."""

    UNKNOWN = "", _("Chưa rõ")
    OWN = "own", _("Của báo")
    CONTRIBUTOR = "contributor", _("Của cộng tác viên, đã có thỏa thuận")
    AGENCY = "agency", _("Của cơ quan, đơn vị cung cấp")
    LICENSED = "licensed", _("Mua bản quyền")
    PUBLIC = "public", _("Thuộc về công chúng")


class DepartmentKind(models.TextChoices):
    CITY = "thanh_pho", _("Thành phố")
    PARTY = "dang", _("Cơ quan Đảng")
    GOVERNMENT = "chinh_quyen", _("Chính quyền")
    OFFICE = "van_phong", _("Văn phòng")
    UNION = "doan_the", _("Mặt trận, đoàn thể")
    AGENCY = "so", _("Sở")
    SECTOR = "nganh", _("Ngành")
    POLICE = "cong_an", _("Công an")
    MILITARY = "quan_su", _("Quân sự")
    JUSTICE = "tu_phap", _("Tư pháp")
    BOARD = "ban", _("Ban")
    SERVICE = "don_vi_su_nghiep", _("Đơn vị sự nghiệp")
    PRESS = "bao_chi", _("Báo chí")
    DISTRICT = "quan_huyen", _("Quận, huyện")
    WARD = "phuong_xa", _("Phường, xã")


class Family(models.TextChoices):
    """The two families of criteria; other codebooks may have neither."""

    BUILD = "xay", _("5 xây")
    FIGHT = "chong", _("3 chống")
    OTHER = "khac", _("Khác")


class DocumentType(models.TextChoices):
    DIRECTIVE = "chi_thi", _("Chỉ thị")
    RESOLUTION = "nghi_quyet", _("Nghị quyết")
    DECISION = "quyet_dinh", _("Quyết định")
    PLAN = "ke_hoach", _("Kế hoạch")
    REPORT = "bao_cao", _("Báo cáo")
    OTHER = "khac", _("Văn bản khác")


class DocumentRelation(models.TextChoices):
    CARRIES_OUT = "carries_out", _("thực hiện")
    TIED_TO = "tied_to", _("gắn với")
    MENTIONS = "mentions", _("nhắc đến")


class CoverageRole(models.TextChoices):
    SUBJECT = "subject", _("đối tượng phản ánh")
    MENTIONED = "mentioned", _("được nhắc đến")


class Tone(models.TextChoices):
    """Set by a person, usable in staff tallies, never public."""

    UNSET = "", _("chưa xác định")
    PRAISE = "praise", _("biểu dương")
    CRITICISM = "criticism", _("phê bình")
    INFORMATION = "information", _("thông tin")


class ChangeAction(models.TextChoices):
    ADDED = "added", _("thêm")
    CHANGED = "changed", _("sửa")
    REMOVED = "removed", _("bỏ")


class SlotState(models.TextChoices):
    """What a Thursday is, derived by ``column.schedule.rules.slot_state``; never stored."""

    EMPTY = "empty", _("Còn trống")
    #: In the announced Tết break: publish, move, or skip? Nobody has said yet.
    ASKS = "asks", _("Chờ quyết định kỳ Tết")
    HELD = "held", _("Đang tạm giữ")
    PLANNED = "planned", _("Dự kiến")
    IN_REVIEW = "in_review", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    SCHEDULED = "scheduled", _("Đã hẹn giờ")
    PUBLISHED = "published", _("Đã đăng")
    PUBLISHED_LATE = "published_late", _("Đăng muộn")
    SKIPPED = "skipped", _("Nghỉ kỳ")
    MISSED = "missed", _("Bỏ lỡ kỳ")
    OVERDUE = "overdue", _("Quá giờ, chưa lên trang")
    NO_DATA = "no_data", _("Chưa có dữ liệu")


class HolidayKind(models.TextChoices):
    """What a newsroom declares of a day, over what the calendar of public holidays says."""

    OFF = "off", _("Nghỉ lễ")
    TET = "tet", _("Nghỉ Tết (mỗi kỳ hỏi: đăng, dời hay nghỉ)")
    WORKING = "working", _("Ngày làm việc")


class SlotAction(models.TextChoices):
    """What can happen to a Thursday; the words of the ledger. Values are data: never rename one."""

    ASSIGNED = "assigned", _("Xếp bài")
    REMOVED = "removed", _("Rút bài")
    SUBSTITUTED = "substituted", _("Thay bài")
    SCHEDULED = "scheduled", _("Hẹn giờ")
    UNSCHEDULED = "unscheduled", _("Hủy hẹn giờ")
    HELD = "held", _("Tạm giữ")
    RELEASED = "released", _("Bỏ tạm giữ")
    PUBLISHED = "published", _("Lên trang")
    MISSED = "missed", _("Bỏ lỡ kỳ")
    TAKEN_DOWN = "taken_down", _("Gỡ bài")
    SKIPPED = "skipped", _("Nghỉ kỳ")
    REOPENED = "reopened", _("Mở lại kỳ")
    KEPT = "kept", _("Vẫn đăng trong kỳ nghỉ Tết")
    DAY_CHANGED = "day_changed", _("Dời ngày")
    CHANGED = "changed", _("Sửa giờ, lời báo trước")


class NoticeKind(models.TextChoices):
    """Why somebody is told something."""

    SUBMITTED = "submitted", _("Trình duyệt")
    REVIEWED = "reviewed", _("Đã biên tập, chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả bài")
    SUBSTITUTED = "substituted", _("Thay bài")
    HELD = "held", _("Tạm giữ")
    OVERDUE = "overdue", _("Quá hạn")
    DIGEST = "digest", _("Bản tin đầu tuần")
    ALARM = "alarm", _("Báo động")
    DELEGATED = "delegated", _("Ủy quyền")


class AlarmKind(models.TextChoices):
    """What went wrong around a publication."""

    NOT_OUT = "not_out", _("Đến giờ mà chưa lên trang")
    FAILED = "failed", _("Đăng bị lỗi")
    PROOF = "proof", _("Lên trang nhưng bạn đọc chưa thấy đủ")
    MISSED = "missed", _("Bỏ lỡ kỳ")
    EMPTY = "empty", _("Sắp đến kỳ mà chưa có bài")
    UNFILLED = "unfilled", _("Đến giờ mà kỳ chưa có bài hẹn giờ")


class ProofState(models.TextChoices):
    """Where the publication proof of one go-live stands."""

    PENDING = "pending", _("Đang kiểm tra")
    GREEN = "green", _("Bạn đọc đã thấy đủ")
    RED = "red", _("Bạn đọc chưa thấy đủ")
    #: A newer version went live, or the story left the site, before this one was proven.
    OVERTAKEN = "passed", _("Thôi kiểm tra: đã có bản mới hơn, hoặc bài không còn trên trang")


class Function(models.TextChoices):
    """*Chức năng*: what can be delegated; the value is the permission's codename in this app."""

    APPROVE = "approve_story", _("Duyệt đăng")
    SCHEDULE = "schedule_story", _("Hẹn giờ đăng")
    TAKE_DOWN = "take_down_story", _("Gỡ bài")
