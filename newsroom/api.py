"""The project's one JSON API, ``/api/v1/``, described at ``/api/v1/openapi.json``; the rooms bring their routers."""

from ninja import NinjaAPI

from column.tallies.api.access import say_no_in_vietnamese
from column.tallies.api.routes import router as tallies

api = NinjaAPI(
    title="Chuyên mục “5 xây, 3 chống”",
    version="1.0.0",
    description=(
        "Bảng tổng hợp cho cán bộ theo dõi, tổng hợp và tòa soạn, chỉ để đọc. Tham số giống hệt địa chỉ của màn hình;"
        " mỗi con số kèm danh sách đúng những gì nó đếm. Cần khóa riêng, tạo ở /tong-hop/khoa-api/, gửi trong dòng"
        " “Authorization: Bearer …”. Lời từ chối: 401, 403, 422, 429, bằng tiếng Việt."
    ),
    docs_url=None,
)
say_no_in_vietnamese(api)
api.add_router("/tallies/", tallies)
