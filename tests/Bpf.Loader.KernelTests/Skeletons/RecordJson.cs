using System.Text.Json.Serialization;

namespace Bpf.Loader.KernelTests.Skeletons;

[JsonSerializable(typeof(DataRecords.Record))]
internal sealed partial class RecordJson : JsonSerializerContext;
