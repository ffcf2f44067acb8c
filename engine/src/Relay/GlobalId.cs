namespace Mycelium.GraphQL.Engine.Relay;

/// <summary>A feature of fields that show a primitive as a global id: the object type of the id.</summary>
internal sealed record GlobalId(string TypeName);

/// <summary>A feature of fields that show a property whose CLR type is the id of an object type, formatted like other ids.</summary>
internal sealed record BoundId(string TypeName);
