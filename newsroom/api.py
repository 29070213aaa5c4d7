"""The project's one JSON API, ``/api/v1/``, described at ``/api/v1/openapi.json``; the rooms bring their routers."""

from ninja import NinjaAPI

from column.tallies.api.access import say_no_in_vietnamese
from column.tallies.api.routes import router as tallies
from search.api import refuse_in_vietnamese
from search.api import router as search

api = NinjaAPI(
    title="Chuyên mục “5 xây, 3 chống”",
    version="1.0.0",
    description=(
        "Chỉ để đọc; tham số giống hệt địa chỉ của màn hình. Tìm kiếm: các tin, bài đã đăng công khai, không cần tài"
        " khoản; các giá trị của một bộ lọc mở rộng kết quả, các bộ lọc thu hẹp lẫn nhau. Bảng tổng hợp: cho cán bộ"
        " theo dõi, tổng hợp và tòa soạn, mỗi con số kèm danh sách đúng những gì nó đếm; cần khóa riêng, tạo ở"
        " /tong-hop/khoa-api/, gửi trong dòng “Authorization: Bearer …”. Lời từ chối: 401, 403, 422, 429, bằng tiếng"
        " Việt."
    ),
    docs_url=None,
)
say_no_in_vietnamese(api)
refuse_in_vietnamese(api)
api.add_router("/search/", search)
api.add_router("/tallies/", tallies)
