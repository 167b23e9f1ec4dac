from __future__ import annotations

import pytest

from askaloud.indexing.western import is_western

WESTERN = {
    "de": "Größe: 5 €. Das Büro öffnet früh und schließt spät am Abend für alle Gäste – auch für die „Frühaufsteher“.",
    "fr": "Le café ouvre à sept heures ; l’été, il ferme plus tôt. Où ça ? Là-bas, près de la forêt, à côté de l'hôtel.",
    "es": "Señor, ¿cuántos días de vacaciones hay al año? Treinta días hábiles; pregúntele a su compañía en España. Más información aquí.",
    "pt": "Não há férias no verão, mas há pão, maçãs e limões à vontade. A decisão é tua. Informações às quatro e três.",
    "it": "La città è più bella così; perché? Però non c'è caffè qui, né tè. Lunedì riaprirà già.",
    "nl": "België heeft één coördinator; hij heeft zoëven geïnformeerd naar reünies. Vóór de financiën: ideeën.",
    "da": "På øen får du frokost fra klokken tolv; små børn spiser først. Møderne er på første sal.",
    "fi": "Työntekijä saa kolmekymmentä päivää lomaa vuodessa; hän päättää itse, milloin pitää sen.",
    "is": "Það er þægilegt að vinna hér. Maður fær þrjátíu daga frí á ári og bíður við hliðið.",
    "en": "The price – “net” – is £5… at the café, 30 m² of space, 5 ½ days, Windows® and it’s 20 °C.",
    "short": "Büro: 5 €",
}

OTHERS = {
    "cp1251": "Кто опоздал, тот ждёт у ворот, пока кто-нибудь не откроет.",
    "koi8-r": "Кто опоздал, тот ждёт у ворот, пока кто-нибудь не откроет.",
    "cp1250 pl": "Budynek ma cichy pokój dla gości. Kto się spóźni, ten czeka przy bramie, aż ktoś otworzy drzwi.",
    "cp1250 cs": "Žlutý kůň pěkně řehtá, když přijde čas oběda a brána se otevře všem zaměstnancům. Příští rok také.",
    "cp1250 hu": "Az őrült nő űrt főz. A szabadság harminc nap, erről a felettes dönt, ő felel érte; később küldjön levelet.",
    "cp1253": "Ο καφές είναι έτοιμος.",
    "cp1254": "İş günleri otuz gündür. Şirket ağı çalışıyor, fakat kapı yalnızca sabah açılır. Işıklar söndürülmelidir.",
    "cp1255": "בבניין יש חדר שקט לאורחים.",
    "cp1256": "في المبنى غرفة هادئة للضيوف",
    "shift_jis": "社員は年に三十日まで海外で働けます。会議室は二階にあります。",
    "euc_kr": "직원은 일 년에 삼십 일까지 해외에서 일할 수 있습니다.",
    "mac_roman": "Das Büro öffnet früh und schließt spät am Abend für alle Gäste.",
    "cp850": "Das Büro öffnet früh und schließt spät am Abend für alle Gäste, über die Straße.",
}


@pytest.mark.parametrize("language", WESTERN)
def test_the_languages_that_it_was_made_for_are_known(language: str) -> None:
    assert is_western(WESTERN[language].encode("cp1252").decode("cp1252"))
    assert is_western(f"{WESTERN[language]}\n" * 40)


@pytest.mark.parametrize("encoding", OTHERS)
def test_text_of_another_encoding_is_known_by_its_letters(encoding: str) -> None:
    taken = OTHERS[encoding].encode(encoding.split()[0]).decode("cp1252", errors="replace").replace("\ufffd", "")
    assert not is_western(taken)


def test_two_languages_beside_each_other_and_a_few_foreign_names_are_no_reason_to_doubt() -> None:
    assert is_western(f"{WESTERN['de']} {WESTERN['fr']} {WESTERN['it']}")
    assert is_western(f"{WESTERN['es']} {WESTERN['pt']}")
    assert is_western(f"{WESTERN['de'] * 3} Fragen Sie Herrn Muñoz.")
