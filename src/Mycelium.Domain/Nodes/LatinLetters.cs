namespace Mycelium.Domain.Nodes;

/// <summary>Precomposed letters with accents, by their base letter. Services run with invariant globalization, so the runtime cannot decompose them.</summary>
internal static class LatinLetters
{
    /// <summary>Groups separated by blanks: the base letter, then its accented forms.</summary>
    public const string WithAccents =
        """
        aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ
        fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ iìíîïĩīĭįǐȉȋḭḯỉịİı jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ
        mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩẛ tţťțṫṭṯṱẗ
        uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ
        yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ
        """;
}
