namespace Mycelium.Domain.Nodes;

/// <summary>Letters with accents in one character, by the letter without. The runtime has no such table: services run without the data of languages.</summary>
internal static class LatinLetters
{
    /// <summary>Groups with blanks between them: the plain letter, then what is written for it.</summary>
    public const string WithAccents =
        """
        aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ iìíîïĩīĭįǐȉȋḭḯỉịİı jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ
        mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩẛ tţťțṫṭṯṱẗ uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ
        yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ
        """;
}
