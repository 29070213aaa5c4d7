"""The list of scenes: what each shows, how it is captioned, and for which subjects it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from column.transfer.demo.scenes import coast, offices, river, services, town
from column.transfer.demo.scenes.canvas import Canvas, rgb
from column.transfer.demo.scenes.light import DAWN, DAY, GOLDEN, NIGHT, RAIN, SUNSET

#: In the house form the credit reads “Ảnh: Minh họa”.
CREDIT = "Minh họa"


@dataclass(frozen=True)
class Scene:
    """One picture. ``name`` is the file's, without suffix; ``tags`` are the subjects that it may stand beside."""

    name: str
    caption: str
    alt: str
    place: str
    tags: frozenset[str]
    paint: Callable[[Canvas], object]

    @property
    def months(self) -> frozenset[int]:
        """When it can be seen; empty for the whole year."""
        return frozenset(_SEASONS.get(self.name, _RAINY if "mua" in self.tags else ()))


_RAINY = (9, 10, 11, 12)
_SEASONS = {"duong-phuong-do": (5, 6, 7), "san-truong": (4, 5, 6, 9), "dong-lua-chin": (4, 5, 8, 9)}


def draw(name: str) -> bytes:
    """The JPEG of a scene, the same bytes every time."""
    canvas = Canvas(name)
    BY_NAME[name].paint(canvas)
    return canvas.jpeg()


def _scene(name: str, caption: str, alt: str, place: str, tags: str, paint: Callable[[Canvas], object]) -> Scene:
    return Scene(name, caption, f"Tranh minh họa: {alt}", place, frozenset(tags.split()), paint)


_HAN, _THO_QUANG, _SON_TRA = "Sông Hàn", "Thọ Quang", "Bán đảo Sơn Trà"

SCENES: tuple[Scene, ...] = (
    _scene("cau-rong-binh-minh", "Cây cầu hình rồng bắc qua sông Hàn trong nắng sớm.",
           "cây cầu vàng uốn lượn như thân rồng qua sông lúc bình minh, hai chiếc thuyền, hai người bên lan can.",
           _HAN, "thanh-pho song", lambda c: river.bridge(c, DAWN, boats=True)),
    _scene("cau-rong-ban-ngay", "Sông Hàn và cây cầu hình rồng một ngày trời trong.",
           "cây cầu hình rồng màu vàng dưới trời xanh, nhà cao tầng và dãy núi ở bờ xa.",
           _HAN, "thanh-pho song", lambda c: river.bridge(c, DAY)),
    _scene("cau-rong-hoang-hon", "Hoàng hôn trên cây cầu hình rồng.",
           "trời chiều đỏ tím sau cây cầu hình rồng, thuyền đậu trên sông.",
           _HAN, "thanh-pho song", lambda c: river.bridge(c, SUNSET, boats=True)),
    _scene("cau-rong-ve-dem", "Cây cầu hình rồng lên đèn.",
           "cây cầu hình rồng sáng đèn vàng in bóng xuống mặt sông ban đêm.",
           _HAN, "thanh-pho song dem", lambda c: river.bridge(c, NIGHT)),
    _scene("cau-rong-ngay-mua", "Sông Hàn một ngày mưa.",
           "cây cầu hình rồng mờ trong mưa, mặt sông xám, hai người đứng bên bờ.",
           _HAN, "thanh-pho song mua", lambda c: river.bridge(c, RAIN, wet=True)),
    _scene("cau-day-vang-ve-dem", "Cầu dây văng rực sáng về đêm.",
           "cây cầu dây văng với những dải đèn nhiều màu, con thuyền nhỏ trên sông đêm.",
           _HAN, "thanh-pho song dem", lambda c: river.cable_bridge(c, NIGHT)),
    _scene("cau-day-vang-chieu", "Cầu dây văng trong nắng chiều.",
           "cây cầu dây văng in trên nền trời hoàng hôn, thuyền đỏ phía trước.",
           _HAN, "thanh-pho song", lambda c: river.cable_bridge(c, SUNSET)),
    _scene("thanh-pho-ve-dem", "Thành phố về đêm nhìn từ bờ sông.",
           "vòng quay sáng đèn và những tòa nhà cao tầng in bóng xuống nước.",
           _HAN, "thanh-pho dem", lambda c: river.night_city(c, NIGHT)),
    _scene("cong-vien-buoi-sang", "Người dân tập thể dục buổi sáng trong công viên ven sông.",
           "năm người dang tay tập thể dục trên bãi cỏ ven sông, trời rạng sáng.",
           "Công viên ven sông", "thanh-pho khu-dan-cu song", lambda c: river.park(c, DAWN)),
    _scene("cong-vien-buoi-chieu", "Buổi chiều trong công viên ven sông.",
           "năm người tập thể dục trên lối đi lát gạch, nắng chiều vàng trên mặt sông.",
           "Công viên ven sông", "thanh-pho khu-dan-cu", lambda c: river.park(c, GOLDEN)),
    _scene("son-tra-ban-ngay", "Bãi biển nhìn ra bán đảo Sơn Trà.",
           "dãy núi xanh ôm lấy vịnh biển, thuyền thúng trên cát và hai cây dừa.",
           _SON_TRA, "bien thanh-pho", lambda c: coast.headland(c, DAY)),
    _scene("son-tra-hoang-hon", "Chiều xuống trên vịnh biển dưới chân Sơn Trà.",
           "núi và biển trong ánh hoàng hôn, vài chiếc thuyền về bến.",
           _SON_TRA, "bien", lambda c: coast.headland(c, SUNSET)),
    _scene("son-tra-binh-minh", "Bình minh trên bãi biển.",
           "mặt trời lên sau dãy núi, thuyền thúng nằm trên bãi cát.",
           _SON_TRA, "bien", lambda c: coast.headland(c, DAWN)),
    _scene("cang-ca-sang-som", "Tàu cá cập bến sáng sớm.",
           "nhiều hàng tàu cá sơn xanh đỏ trong cảng, người đội nón đứng bên sọt cá.",
           _THO_QUANG, "bien cang-ca", lambda c: coast.harbour(c, DAWN)),
    _scene("cang-ca-ngay-mua", "Tàu thuyền vào nơi tránh trú trong ngày mưa gió.",
           "tàu cá neo sát nhau trong cảng dưới trời mưa xám.",
           _THO_QUANG, "bien cang-ca mua", lambda c: coast.harbour(c, RAIN, wet=True)),
    _scene("cang-ca-ban-ngay", "Cảng cá một ngày đầy tàu.",
           "cảng cá đông tàu dưới trời xanh, người dân chuyển cá lên bờ.",
           _THO_QUANG, "bien cang-ca", lambda c: coast.harbour(c, DAY)),
    _scene("duong-ven-bien", "Tuyến đường ven biển.",
           "con đường ven biển với hàng dừa, khách sạn cao tầng và hai người đi xe máy.",
           "Đường ven biển", "bien giao-thong duong-pho", lambda c: coast.sea_road(c, DAY)),
    _scene("duong-ven-bien-chieu", "Chiều trên tuyến đường ven biển.",
           "hàng dừa ven biển trong nắng vàng, hai chiếc xe máy chạy dọc con đường.",
           "Đường ven biển", "bien giao-thong duong-pho", lambda c: coast.sea_road(c, GOLDEN)),
    _scene("hai-dang", "Ngọn hải đăng trên mũi đá.",
           "ngọn hải đăng sọc trắng đỏ chiếu sáng trên mũi đất, hai chiếc thuyền dưới trời hoàng hôn.",
           _SON_TRA, "bien", lambda c: coast.lighthouse(c, SUNSET)),
    _scene("mot-cua-ba-quay", "Người dân làm thủ tục tại bộ phận một cửa.",
           "ba quầy tiếp nhận có bảng số, cán bộ ngồi sau quầy, ba người dân đứng làm thủ tục.",
           "Bộ phận một cửa", "mot-cua", lambda c: offices.desk(c, rgb("bcd3da"))),
    _scene("mot-cua-bon-quay", "Người dân ngồi chờ đến lượt ở bộ phận một cửa.",
           "bốn quầy tiếp nhận hồ sơ, bốn người dân ngồi ghế chờ phía trước.",
           "Bộ phận một cửa", "mot-cua",
           lambda c: offices.desk(c, rgb("e6d5b8"), counters=4, seated=True, queue=False)),
    _scene("mot-cua-phuong", "Hai quầy tiếp nhận hồ sơ ở một phường.",
           "hai cán bộ ngồi sau quầy, hai người dân đứng trao đổi.",
           "Bộ phận một cửa cấp phường", "mot-cua phuong", lambda c: offices.desk(c, rgb("cfdcc4"), counters=2)),
    _scene("mot-cua-dau-gio", "Bộ phận một cửa đầu giờ làm việc.",
           "bốn quầy tiếp nhận vừa mở cửa, mỗi quầy một người dân đứng làm thủ tục.",
           "Bộ phận một cửa", "mot-cua", lambda c: offices.desk(c, rgb("d9cbd8"), counters=4)),
    _scene("tru-so-buoi-sang", "Trụ sở làm việc một buổi sáng đầu tuần.",
           "tòa nhà công sở ba tầng màu vàng nhạt, bồn hoa và người dân trước sân.",
           "Trụ sở cơ quan", "tru-so", lambda c: offices.front(c, DAY, rgb("f0d9a8"))),
    _scene("tru-so-lam-them-gio", "Nhiều phòng làm việc còn sáng đèn sau giờ hành chính.",
           "tòa nhà công sở ban đêm, nhiều ô cửa sổ sáng đèn.",
           "Trụ sở cơ quan", "tru-so dem", lambda c: offices.front(c, NIGHT, rgb("c9d3dc"), floors=4, columns=False)),
    _scene("tru-so-phuong-ngay-mua", "Trụ sở phường trong ngày mưa.",
           "tòa nhà hai tầng dưới mưa, người dân đi ngang sân.",
           "Trụ sở phường", "tru-so phuong mua", lambda c: offices.front(c, RAIN, rgb("e8c76a"), floors=2, wet=True)),
    _scene("tru-so-chieu", "Sân trụ sở lúc tan giờ làm việc.",
           "tòa nhà công sở quét vôi trắng trong nắng chiều, vài người rời cơ quan.",
           "Trụ sở cơ quan", "tru-so", lambda c: offices.front(c, GOLDEN, rgb("efe6d8"), floors=2)),
    _scene("toa-nha-hanh-chinh", "Tòa nhà làm việc nhìn từ công viên.",
           "tòa tháp kính tròn nhiều tầng, lối đi giữa bãi cỏ và người đi bộ.",
           "Khu hành chính", "tru-so thanh-pho", lambda c: offices.tower(c, DAY)),
    _scene("hop-ban-cong-viec", "Một cuộc họp bàn công việc.",
           "sáu người ngồi quanh chiếc bàn dài, hai cửa sổ nhìn ra thành phố.",
           "Phòng họp", "hop", lambda c: offices.meeting(c, rgb("e8dcc4"))),
    _scene("doi-thoai-voi-dan", "Buổi gặp gỡ, trao đổi giữa cán bộ và người dân.",
           "người dân và cán bộ ngồi hai phía bàn, trên bàn có giấy ghi chép và lọ hoa.",
           "Phòng tiếp công dân", "hop tiep-dan", lambda c: offices.meeting(c, rgb("cddbd8"), host=False)),
    _scene("ho-so-truc-tuyen", "Nộp hồ sơ trực tuyến trên máy tính.",
           "máy tính xách tay mở biểu mẫu điện tử, bên cạnh là giấy tờ, tách cà phê và điện thoại.",
           "", "truc-tuyen", lambda c: offices.laptop(c, rgb("c99f6e"), rgb("2f7f9f"))),
    _scene("ho-so-so-hoa", "Số hóa giấy tờ để giải quyết hồ sơ.",
           "máy tính hiện biểu mẫu màu xanh lá, tờ giấy và cây bút trên bàn gỗ sáng.",
           "", "truc-tuyen tap-huan", lambda c: offices.laptop(c, rgb("d9c2a0"), rgb("3f8f6a"))),
    _scene("tra-ket-qua-qua-dien-thoai", "Nhận thông báo kết quả hồ sơ qua điện thoại.",
           "bàn tay cầm điện thoại hiện dấu hoàn thành màu xanh.",
           "", "truc-tuyen", lambda c: offices.phone(c, rgb("2f6f8f"), rgb("3fa07f"))),
    _scene("lop-hoc", "Giờ học ở một trường phổ thông.",
           "cô giáo mặc áo dài đứng bên bảng xanh, học sinh ngồi theo dãy bàn.",
           "Trường học", "truong-hoc", services.classroom),
    _scene("san-truong", "Sân trường trước giờ vào lớp.",
           "trường học hai tầng mái ngói, học sinh áo trắng chơi dưới hàng phượng.",
           "Trường học", "truong-hoc", lambda c: services.schoolyard(c, DAY)),
    _scene("quay-don-tiep-y-te", "Quầy đón tiếp người bệnh.",
           "ba nhân viên y tế ngồi sau quầy, người bệnh đứng và ngồi chờ.",
           "Cơ sở y tế", "y-te", services.clinic),
    _scene("phong-kham", "Nhân viên y tế hướng dẫn người bệnh.",
           "nhân viên y tế áo trắng đứng cạnh một người bệnh trong phòng khám có rèm xanh.",
           "Cơ sở y tế", "y-te", lambda c: services.clinic(c, ward=True)),
    _scene("lop-tap-huan", "Một buổi tập huấn nghiệp vụ.",
           "người nghe ngồi kín các dãy ghế, màn hình chiếu biểu đồ, hai bên là giá sách.",
           "Hội trường", "tap-huan", services.library),
    _scene("duong-phuong-do", "Tuyến phố mùa phượng nở.",
           "dãy nhà phố nhiều màu, hàng cây phượng nở đỏ, xe máy trên đường.",
           "Tuyến phố trung tâm", "duong-pho khu-dan-cu", lambda c: town.street(c, DAY, bloom=True)),
    _scene("duong-pho-ve-dem", "Tuyến phố lên đèn.",
           "dãy nhà phố sáng đèn ban đêm, người đi xe máy.",
           "Tuyến phố trung tâm", "duong-pho dem", lambda c: town.street(c, NIGHT)),
    _scene("duong-pho-ngay-mua", "Tuyến phố trong cơn mưa.",
           "dãy nhà phố, cây xanh và xe máy dưới mưa.",
           "Tuyến phố trung tâm", "duong-pho mua", lambda c: town.street(c, RAIN, wet=True)),
    _scene("via-he-ngan-nap", "Vỉa hè kẻ vạch, xe máy để ngay hàng.",
           "xe máy xếp thẳng hàng sau vạch vàng, người đi bộ trên vỉa hè thông thoáng.",
           "Tuyến phố trung tâm", "duong-pho via-he", lambda c: town.street(c, GOLDEN, tidy=True)),
    _scene("cho-trai-cay", "Quầy trái cây trong chợ.",
           "người bán đội nón lá đứng sau các quầy trái cây, hai người khách phía trước.",
           "Chợ dân sinh", "cho", lambda c: town.market(c, DAY)),
    _scene("cho-hai-san", "Quầy hải sản buổi sớm.",
           "các quầy cá dưới mái che sọc, người bán đội nón và khách mua.",
           "Chợ dân sinh", "cho bien", lambda c: town.market(c, DAWN, kind="fish")),
    _scene("cho-rau", "Quầy rau xanh trong chợ.",
           "rau quả xếp đầy các quầy gỗ, người bán và người mua.",
           "Chợ dân sinh", "cho", lambda c: town.market(c, GOLDEN, kind="green")),
    _scene("giao-lo", "Người đi xe máy dừng chờ đèn tín hiệu.",
           "nhiều xe máy dừng trước vạch kẻ đường, đèn tín hiệu màu xanh vừa bật.",
           "Giao lộ trung tâm", "giao-thong", lambda c: town.crossing(c, DAY)),
    _scene("cong-truong", "Một công trình đang thi công.",
           "tòa nhà đang xây, cần cẩu và công nhân áo cam trong ánh chiều.",
           "Công trình xây dựng", "cong-trinh", lambda c: town.building_site(c, SUNSET)),
    _scene("cong-truong-ban-ngay", "Công trình xây dựng trong giờ làm việc.",
           "cần cẩu tháp bên tòa nhà đang xây dưới trời xanh, bốn công nhân phía trước.",
           "Công trình xây dựng", "cong-trinh", lambda c: town.building_site(c, DAY)),
    _scene("xe-chua-chay", "Xe chữa cháy trực sẵn sàng.",
           "xe chữa cháy màu đỏ đậu trước nhà xe, ba người mặc đồng phục đứng cạnh.",
           "Trụ sở đội chữa cháy", "chua-chay", lambda c: town.fire_station(c, DAY)),
    _scene("dong-lua-xanh", "Con đường bê tông giữa đồng lúa.",
           "đồng lúa xanh dưới chân núi, ba người đội nón và con đường nhỏ.",
           "Vùng ven thành phố", "nong-thon", lambda c: town.countryside(c, DAY)),
    _scene("dong-lua-chin", "Mùa lúa chín ở vùng ven.",
           "đồng lúa vàng dưới chân núi, người nông dân đội nón trên đồng.",
           "Vùng ven thành phố", "nong-thon", lambda c: town.countryside(c, GOLDEN, season="ripe")),
)  # fmt: skip

BY_NAME = {scene.name: scene for scene in SCENES}
