//! One sidecar and one media file: every pair that is known to belong together, or not to.

use super::*;

/// Checks pairs whose sidecars tell no title: names alone decide.
#[track_caller]
fn check(pairs: &[(&str, &str, &str)]) {
    for (sidecar, media, rule) in pairs {
        let found = found(&[sidecar], &[media]);
        let found = found.first().map_or("-", |it| word(it.rule));
        assert_eq!(found, *rule, "{sidecar} with {media}");
    }
}

/// Checks pairs whose sidecars tell a title.
#[track_caller]
fn check_titles(pairs: &[(&str, &str, &str, &str)]) {
    for (sidecar, title, media, rule) in pairs {
        let found = found(&[&format!("{sidecar} = {title}")], &[media]);
        let found = found.first().map_or("-", |it| word(it.rule));
        assert_eq!(found, *rule, "{sidecar} of {title} with {media}");
    }
}

#[test]
fn plain() {
    check(&[
        ("PXL_20211013_220651983.jpg.json", "PXL_20211013_220651983.jpg", "name"),
        ("PXL_20211013_220651983.jpg.json", "PXL_20211013_220651958.jpg", "-"),
        ("PXL_20210102_221126856.MP~2.jpg.json", "PXL_20210102_221126856.MP~2.jpg", "name"),
        ("IMG.JPG.json", "IMG.jpg", "-"),
        ("IMG.jpg.JSON", "IMG.jpg", "name"),
        ("IMG.jpg", "IMG.jpg", "-"),
        ("IMG.jpg.json.jpg", "IMG.jpg", "-"),
        ("a.jpg.jpg.json", "a.jpg.jpg", "name"),
        ("a.jpg.json", "a.jpg.jpg", "-"),
        ("a.jpg.jpg.json", "a.jpg", "-"),
        ("skytree (2).jpg.json", "skytree (2).jpg", "name"),
        ("DSC_0104.JPG.json", "DSC_0104(1).JPG", "-"),
        // One name in both forms of Unicode.
        ("Cafe\u{301}.jpg.json", "Caf\u{e9}.jpg", "name"),
        ("Caf\u{e9}.jpg.json", "Cafe\u{301}.jpg", "name"),
        ("Cafe.jpg.json", "Caf\u{e9}.jpg", "-"),
        (".json", ".jpg", "-"),
        (".json", "", "-"),
        ("", "", "-"),
    ]);
}

#[test]
fn suffix() {
    check(&[
        ("20161105_170829.jpg.supplemental-metadata.json", "20161105_170829.jpg", "suffix"),
        (
            "Screenshot_20231027_123303_Facebook.jpg.supple.json",
            "Screenshot_20231027_123303_Facebook.jpg",
            "suffix",
        ),
        (
            "MVIMG_20191230_232926.jpg.supplemental-metadat.json",
            "MVIMG_20191230_232926.jpg",
            "suffix",
        ),
        (
            "Screenshot_20200301-161151.png.supplemental-me.json",
            "Screenshot_20200301-161151.png",
            "suffix",
        ),
        (
            "MVIMG_20200207_134534~2.jpg.supplemental-metad.json",
            "MVIMG_20200207_134534~2.jpg",
            "suffix",
        ),
        ("skytree (2).jpg.supplemental-metadata.json", "skytree (2).jpg", "suffix"),
        ("skytree (2).jpg.supplemental-metadata.json", "skytree .jpg", "-"),
        ("IMG.jpg.s.json", "IMG.jpg", "suffix"),
        ("IMG.jpg..json", "IMG.jpg", "suffix"),
        ("IMG.jpg.supplement-metadata.json", "IMG.jpg", "-"),
        ("IMG.jpg.supplemental-metadata2.json", "IMG.jpg", "-"),
    ]);
}

#[test]
fn number() {
    check(&[
        ("DSC_0101.JPG(1).json", "DSC_0101(1).JPG", "number"),
        ("DSC_0102.JPG(2).json", "DSC_0102(1).JPG", "-"),
        ("DSC_0103.JPG(1).json", "DSC_0103.JPG", "-"),
        ("IMG_2710.HEIC(1).json", "IMG_2710(1).HEIC", "number"),
        (
            "Screenshot_20231027_123303_Facebook.jpg.supple(1).json",
            "Screenshot_20231027_123303_Facebook(1).jpg",
            "number",
        ),
        ("Scan35.jpg.supplemental-metadata(1).json", "Scan35(1).jpg", "number"),
        ("Scan35.jpg.supplemental-metadata(1).json", "Scan35(2).jpg", "-"),
        ("Scan35.jpg.supplemental-metadata(1).json", "Scan35.jpg", "-"),
        ("CLIP0001.AVI.supplemental-metadata(10).json", "CLIP0001(10).AVI", "number"),
        ("CLIP0001.AVI.supplemental-metadata(10).json", "CLIP0001(1).AVI", "-"),
        ("a.jpg(01).json", "a(01).jpg", "-"),
        ("a.jpg(0).json", "a.jpg", "-"),
        ("a.jpg(9999999999).json", "a(9999999999).jpg", "-"),
        ("a(1)(2).jpg.json", "a(1)(2).jpg", "name"),
        ("a(1).jpg(2).json", "a(1)(2).jpg", "number"),
    ]);
}

#[test]
fn cut() {
    check(&[
        (
            "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json",
            "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg",
            "cut",
        ),
        (
            "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json",
            "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg",
            "cut",
        ),
        (
            "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋.json",
            "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg",
            "cut",
        ),
        (
            "Backyard_ceremony_wedding_photography_xxxxxxx_(494).json",
            "Backyard_ceremony_wedding_photography_xxxxxxx_m(494).jpg",
            "cut",
        ),
        (
            "Backyard_ceremony_wedding_photography_xxxxxxx_(494).json",
            "Backyard_ceremony_wedding_photography_xxxxxxx_m(185).jpg",
            "-",
        ),
        (
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json",
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg",
            "cut",
        ),
        (
            "13039_327707840323_537645323_9470255_27214_n.j(1).json",
            "13039_327707840323_537645323_9470255_27214_n(1).jpg",
            "cut",
        ),
        (
            "Screenshot_2024-08-31-00-53-48-647_com.snapcha.json",
            "Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg",
            "cut",
        ),
        // As much alike, but the name was not full.
        (
            "Screenshot_2024-08-31-00-53-48-647_com.snapch.json",
            "Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg",
            "-",
        ),
        ("IMG_2024.json", "IMG_20240831.jpg", "-"),
        // Of 46 units without an extension in the title.
        (
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghij.json",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghij.jpg",
            "cut",
        ),
    ]);
}

#[test]
fn bare() {
    check(&[
        ("Peanut Butter Balls.supplemental-metadata.json", "Peanut Butter Balls.jpg", "bare"),
        ("Peanut Butter Balls.json", "Peanut Butter Balls.jpg", "bare"),
        ("Peanut.supplemental-metadata(1).json", "Peanut(1).jpg", "bare"),
        ("Peanut(1).json", "Peanut(1).jpg", "bare"),
        ("Peanut.supplemental-metadata(1).json", "Peanut.jpg", "-"),
        ("Peanut.supplemental-metadata.json", "Peanut.txt", "-"),
        ("Peanut.png.json", "Peanut.png.jpg", "-"),
        ("Mr. Smith.json", "Mr. Smith.jpg", "bare"),
        ("metadata.json", "IMG.jpg", "-"),
    ]);
}

#[test]
fn edited() {
    check(&[
        (
            "PXL_20220405_090123740.PORTRAIT.jpg.json",
            "PXL_20220405_090123740.PORTRAIT-modifié.jpg",
            "edited",
        ),
        (
            "PXL_20220405_090123740.PORTRAIT.jpg.json",
            "PXL_20220405_090123741.PORTRAIT-modifié.jpg",
            "-",
        ),
        (
            "PXL_20220405_090123740.PORTRAIT.jpg.json",
            "PXL_20220405_090123740.PORTRAIT-modifie\u{301}.jpg",
            "edited",
        ),
        (
            "Screenshot_20231027_123303_Facebook.jpg.supple.json",
            "Screenshot_20231027_123303_Facebook-edited.jpg",
            "edited",
        ),
        ("IMAG0061.JPG.supplemental-metadata.json", "IMAG0061-edited.JPG", "edited"),
        (
            "IMG-20230325-WA0122~2.jpg.supplemental-metadat.json",
            "IMG-20230325-WA0122~2-edited.jpg",
            "edited",
        ),
        ("2234089303984509579.supplemental-metadata.json", "2234089303984509579-edited.jpg", "-"),
        ("IMG_1.HEIC.json", "IMG_1-edited.jpg", "edited"),
        ("IMG_1.MOV.json", "IMG_1-edited.jpg", "-"),
        ("IMG_1.JPG.json", "IMG_1-EFFECTS.jpg", "edited"),
        ("IMG_1.JPG.json", "IMG_1-ANIMATION.gif", "edited"),
        ("IMG_1.JPG.json", "IMG_1-ha editado.jpg", "edited"),
        ("IMG_1.JPG.json", "IMG_1-editadox.jpg", "-"),
        ("IMG_1.JPG.json", "IMG_1-edi.jpg", "-"),
        ("IMG_1.JPG.json", "IMG_1edited.jpg", "-"),
        ("IMG_1.JPG.json", "-edited.jpg", "-"),
        ("IMG.jpg(1).json", "IMG-edited(1).jpg", "edited"),
        ("IMG.jpg(1).json", "IMG(1)-edited.jpg", "edited"),
        ("IMG.jpg(1).json", "IMG-edited.jpg", "-"),
        ("IMG.jpg.json", "IMG-edited(1).jpg", "-"),
    ]);
}

#[test]
fn edited_with_a_title() {
    check_titles(&[
        (
            "2234089303984509579.supplemental-metadata.json",
            "2234089303984509579",
            "2234089303984509579-edited.jpg",
            "edited",
        ),
        // The name is full: the suffix is cut.
        (
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg.jp.json",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg.jpg",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg-edi.jpg",
            "edited",
        ),
        (
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg.jp.json",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg.jpg",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefg-ext.jpg",
            "-",
        ),
    ]);
}

#[test]
fn live() {
    check(&[
        ("PXL_20231118_035751175.MP.jpg.json", "PXL_20231118_035751175.MP", "live"),
        ("PXL_20231118_035751175.MP.jpg(1).json", "PXL_20231118_035751175(1).MP", "live"),
        ("PXL_20231118_035751175.MP.jpg(1).json", "PXL_20231118_035751175.MP", "-"),
        ("PXL_20210102_221126856.MP~2.jpg.json", "PXL_20210102_221126856.MP~2", "live"),
        ("MVIMG_20191230.jpg.json", "MVIMG_20191230", "live"),
        ("MVIMG_20191230.jpg.json", "MVIMG_20191230.MP4", "live"),
        ("IMG_1.HEIC.supplemental-metadata.json", "IMG_1.MP4", "live"),
        ("IMG_1.HEIC.supplemental-metadata.json", "IMG_1.MOV", "live"),
        ("IMG_1.JPG.supplemental-metadata.json", "IMG_1.MOV", "live"),
        ("IMG_1.HEIC.supplemental-metadata(1).json", "IMG_1(1).MOV", "live"),
        ("IMG_1.HEIC.supplemental-metadata.json", "IMG_1(1).MP4", "-"),
        ("IMG_1.HEIC.supplemental-metadata(1).json", "IMG_1.MP4", "-"),
        ("IMG_1.MOV.supplemental-metadata.json", "IMG_1.HEIC", "-"),
        ("IMG_1.MOV.supplemental-metadata.json", "IMG_1.MP4", "-"),
        ("IMG_1.HEIC.supplemental-metadata.json", "IMG_1.JPG", "-"),
        ("IMG_1.MP4.supplemental-metadata.json", "IMG_1.MP4", "suffix"),
    ]);
    check_titles(&[
        ("IMG_1.MP4.supplemental-metadata.json", "LIVE.jpeg", "IMG_1.MP4", "suffix"),
        ("IMG_1.HEIC.supplemental-metadata.json", "IMG_1.HEIC", "IMG_1.MP4", "live"),
    ]);
}

#[test]
fn title() {
    check_titles(&[
        (
            "15250796_10158125619575157_1421325151866375198.json",
            "15250796_10158125619575157_1421325151866375198_o.jpg",
            "15250796_10158125619575157_1421325151866375198_.jpg",
            "title",
        ),
        (
            "15250796_10158125619575157_1421325151866375198.json",
            "15250796_10158125619575157_1421325151866375198_o.jpg",
            "15250796_10158125619575157_1421325151866375198_o.jpg",
            "-",
        ),
        (
            "IMG_20160819_201122-01.jpeg.supplemental-metad.json",
            "IMG_20160819_201122-01.jpeg",
            "IMG_20160819_201122-01.jpeg",
            "title",
        ),
        (
            "abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqr(1).json",
            "abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqrst-2.jpg",
            "abcdefghijklmnopqrstu-vwxyzabcde-fghijklmnopqrs(1).jpg",
            "title",
        ),
        ("What_.jpg.json", "What?.jpg", "What_.jpg", "title"),
        (
            "a_b_c_d_e_f_g_h_i_j_k.jpg.json",
            r#"a&b?c'd/e\f:g*h"i<j>k.jpg"#,
            "a_b_c_d_e_f_g_h_i_j_k.jpg",
            "title",
        ),
        ("IMG (1).jpg.json", "IMG (1).jpg", "IMG (1).jpg", "title"),
        ("IMG (1).jpg(1).json", "IMG (1).jpg", "IMG (1)(1).jpg", "title"),
        ("a(1).json", "a(1)", "a(1).jpg", "title_bare"),
        ("a.jpg.jpg.json", "a.jpg.jpg", "a.jpg.jpg", "title"),
        ("a.jpg.json", "a.jpg", "a.jpg.jpg", "-"),
        ("a.jpg(1).json", "a.jpg", "a.jpg", "-"),
        ("a.jpg.json", "a.jpg", "a(1).jpg", "-"),
        ("Cafe\u{301}.jpg.json", "Cafe\u{301}.jpg", "Caf\u{e9}.jpg", "title"),
        ("Caf\u{e9}.jpg.json", "Cafe\u{301}.jpg", "Cafe\u{301}.jpg", "title"),
        // 45 units leave room for the dot of the suffix alone.
        (
            "abcdefghijklmnopqrstuvwxyz0123456789abcde.jpg..json",
            "abcdefghijklmnopqrstuvwxyz0123456789abcde.jpg",
            "abcdefghijklmnopqrstuvwxyz0123456789abcde.jpg",
            "title",
        ),
        (
            "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋.json",
            "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛😝.jpg",
            "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg",
            "title",
        ),
        // A title that its sidecar is not named after is not believed.
        ("b.jpg.json", "a.jpg", "a.jpg", "-"),
        ("b.jpg.json", "a.jpg", "b.jpg", "name"),
    ]);
}

#[test]
fn title_odd() {
    check_titles(&[
        ("a_b.jpg.json", "a→b.jpg", "a_b.jpg", "title_odd"),
        ("a#b.jpg.json", "a#b.jpg", "a_b.jpg", "-"),
        ("a_b.jpg(2).json", "a#b.jpg", "a_b(2).jpg", "title_odd"),
        ("a_b.jpg.json", "axb.jpg", "a_b.jpg", "name"),
        ("Sunset.json", "Sunset. ", "Sunset.jpg", "title_bare"),
    ]);
}

#[test]
fn title_bare() {
    check_titles(&[
        (
            "Peanut Butter Balls.supplemental-metadata.json",
            "Peanut Butter Balls",
            "Peanut Butter Balls.jpg",
            "title_bare",
        ),
        ("Peanut.supplemental-metadata(2).json", "Peanut", "Peanut(2).jpg", "title_bare"),
        ("Peanut.supplemental-metadata(2).json", "Peanut", "Peanut.jpg", "-"),
        ("Mr. Smith at home.json", "Mr. Smith at home", "Mr. Smith at home.jpg", "title_bare"),
        ("Sunset..supplemental-metadata.json", "Sunset.", "Sunset..jpg", "title_bare"),
        (
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghij.json",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmn",
            "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijk.png",
            "title_bare",
        ),
    ]);
}

#[test]
fn title_converted() {
    check_titles(&[
        ("IMG.HEIC.json", "IMG.HEIC", "IMG.jpg", "title_converted"),
        ("IMG.HEIC(1).json", "IMG.HEIC", "IMG(1).jpg", "title_converted"),
        ("IMG.HEIC(1).json", "IMG.HEIC", "IMG.jpg", "-"),
        ("IMG.JPG.json", "IMG.JPG", "IMG.jpg", "title_converted"),
        ("IMG.MOV.json", "IMG.MOV", "IMG.mp4", "title_converted"),
        ("IMG.jpg.json", "IMG.jpg", "IMG.HEIC", "-"),
        ("IMG.MOV.json", "IMG.MOV", "IMG.jpg", "-"),
    ]);
}
