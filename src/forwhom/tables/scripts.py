"""Words of headings in other scripts and languages, said in English.

Headings are told apart by words. Those of Latin scripts that we know stand in the lists themselves;
these would be no words there: letters without an accent are all that is left of a heading.
"""

import re
import unicodedata
from functools import cache

#: What a word means, and how it begins in Russian, Ukrainian, Bulgarian, Greek, Hebrew, Arabic,
#: Persian, Chinese, Japanese, Korean, Vietnamese, Indonesian, Croatian, Thai and Hindi. "_" is a
#: blank.
_SAID = {
    "customer": (
        "клиент покупател заказчик клієнт покупец покупц замовник купувач πελάτ πελατ "
        "לקוח عميل زبون مشتری 客户 客戶 顾客 顧客 会员 會員 会員 买家 買家 お客様 "
        "購入者 고객 회원 구매자 khách_hàng pelanggan pembeli kupac kupc zákazník "
        "ügyfél vásárló vevő ลูกค้า ग्राहक"
    ),
    "order": (
        "заказ замовлен поръчк παραγγελ הזמנ طلب سفارش 订单 訂單 注文 受注 주문 "
        "đơn_hàng pesanan narudžb objednávk zamówieni rendelés คำสั่งซื้อ ऑर्डर"
    ),
    "order date": "下单时间 下單時間 下单日期 주문일 주문일자 주문일시",
    "invoice": "накладн рахунок τιμολόγι חשבונית فاتور 发票 發票 請求書 송장 hóa_đơn",
    "receipt": "чек касов 领収書 영수증",
    "date": (
        "дата дату даты датум ημερομηνί ημερομηνι תאריך تاريخ تاریخ 日期 日付 日 날짜 "
        "일자 ngày tanggal tgl วันที่ दिनांक"
    ),
    "time": (
        "время час_покуп ώρα שעה وقت 时间 時間 日時 일시 시간 thời_gian waktu เวลา "
        "समय"
    ),
    "birth": (
        "рожден народжен раждан γέννησ γεννησ לידה ميلاد 出生 生日 生年月日 생년월일 "
        "sinh lahir rođen"
    ),
    "delivery": (
        "доставк отгрузк відвантаж παράδοσ משלוח אספקה توصيل تسليم شحن 配送 发货 發貨 "
        "送货 交货 配達 発送 出荷 納品 배송 출고 giao_hàng pengiriman isporuk dodání "
        "szállít จัดส่ง"
    ),
    "shipping": "运费 運費 送料 배송비 vận_chuyển ongkir μεταφορικ",
    "amount": (
        "сумм сума стоимост вартіст стойност ποσό ποσο סכום مبلغ 金额 金額 금액 "
        "số_tiền iznos částk wartość ยอด राशि"
    ),
    "total": (
        "итог итого всього разом общо σύνολ συνολικ סה\"כ كلي إجمالي اجمالي مجموع 总额 "
        "总价 总计 合计 合計 総額 합계 총 tổng jumlah ukup végösszeg รวม कुल"
    ),
    "paid": (
        "оплачен сплачен πληρωμ שולם مدفوع 实付 支付 支払 결제 thanh_toán bayar "
        "pembayaran plaćen"
    ),
    "price": (
        "цена цену цены ціна ціни τιμή מחיר سعر قیمت 价格 價格 価格 가격 giá harga "
        "cijen ราคา मूल्य"
    ),
    "unit price": "单价 單價 単価 단가 đơn_giá",
    "quantity": (
        "количеств кол-во кільк к-сть ποσότητ ποσοτητ כמות كمي تعداد 数量 數量 수량 "
        "số_lượng količin množství ilość mennyiség จำนวน मात्रा"
    ),
    "product": (
        "товар продукт артикул προϊόν προιον είδος מוצר פריט منتج محصول 商品 产品 "
        "產品 製品 상품 제품 sản_phẩm produk položk termék proizvod สินค้า उत्पाद"
    ),
    # "Number of", as a count begins, would be another thing.
    "nr": "номер № αριθμ מספר رقم شماره 编号 編號 单号 番号 号 번호 nomor broj เลขที่",
    "code": "код кода коды κωδικ קוד كود رمز کد 代码 代碼 コード 코드 mã kode šifr รหัส",
    "status": (
        "статус состояни κατάστασ κατασταση סטטוס حالة وضعیت 状态 狀態 状態 "
        "ステータス 상태 trạng_thái สถานะ"
    ),
    "tax": "налог ндс податок пдв ддс φπα φόρ מע\"מ ضريب 税 세금 부가세 thuế pajak porez",
    "discount": (
        "скидк знижк отстъпк έκπτωσ הנחה خصم تخفیف 折扣 优惠 優惠 割引 할인 giảm_giá "
        "diskon popust"
    ),
    "email": "эл._почт электронн имейл דוא\"ל بريد 邮箱 郵箱 メール 이메일",
    "phone": (
        "телефон τηλέφων טלפון هاتف تلفن 电话 電話 手机 手機 전화 điện_thoại telepon "
        "โทร"
    ),
    "full name": "фио ім'я ονοματεπώνυμ שם_מלא الاسم 姓名 氏名 성명 họ_tên",
    "address": "адрес διεύθυνσ כתובת عنوان آدرس 地址 住所 주소 địa_chỉ alamat ที่อยู่",
}  # fmt: skip
#: Scripts that put no blank between words: a word may stand anywhere.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af№]")


#: So short a word is no beginning of others.
_SHORT = 3


@cache
def _meanings() -> dict[str, str]:
    return {
        stem.replace("_", " "): meaning
        for meaning, stems in _SAID.items()
        for stem in stems.split()
    }


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_meanings(), key=len, reverse=True)
    anywhere = "|".join(re.escape(stem) for stem in longest if _UNSPACED.search(stem))
    spaced = [re.escape(stem) for stem in longest if not _UNSPACED.search(stem)]
    begun = "|".join(rf"{stem}\b" if len(stem) <= _SHORT else rf"{stem}\w*" for stem in spaced)
    # Arabic and Hebrew write "the" onto the word.
    return re.compile(rf"({anywhere})|(?<!\w)(?:ال|ה)?({begun})", re.IGNORECASE)


@cache
def in_english(name: str) -> str:
    """Return a heading with the words that are known in other scripts said in English.

    Examples
    --------
    >>> in_english("Дата заказа"), in_english("注文番号"), in_english("Order no.")
    (' date   order ', ' order  nr ', 'Order no.')
    """
    return _pattern().sub(
        lambda found: f" {_meaning(found[1] or found[2])} ", unicodedata.normalize("NFC", name)
    )


def _meaning(word: str) -> str:
    known, lower = _meanings(), word.lower()
    return next(known[lower[:end]] for end in range(len(lower), 0, -1) if lower[:end] in known)


def words_known(text: str) -> int:
    """Return how many different words of other scripts a text has, each outside of ASCII."""
    found = {m.group().casefold() for m in _pattern().finditer(text) if not m.group().isascii()}
    return len(found)
