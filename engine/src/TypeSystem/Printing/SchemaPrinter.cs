using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// Prints a schema as SDL. What the specification defines is left out; everything else keeps the order of <see cref="Schema.Types"/>.
/// </summary>
public static class SchemaPrinter
{
    public static string Print(Schema schema) => Printer.Print(SchemaDocument.Of(schema)) + "\n";
}
