using System.Text.Json;
using Basgd.Contracts;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace Basgd.Client.Tests.Specs;

public sealed class JobSpecSchemaTests
{
    [Fact]
    public void The_published_file_is_the_generated_one() =>
        Repository.Read("docs/job-spec.schema.json").ShouldBe(JobSpecSchema.Generate(), "write it anew with: basgd schema > docs/job-spec.schema.json");

    [Fact]
    public async Task Every_field_of_the_spec_is_in_it() =>
        (await Schema()).Properties.Keys.ShouldBe(typeof(JobSpec).GetProperties().Where(static p => p.CanWrite).Select(static p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)));

    [Theory]
    [InlineData("workers: 8\nname: x\ndecayAtEpochs: [1, 2]")]
    [InlineData("rule: nnm|median\nattack: none")]
    [InlineData("rule: {name: krum, parameters: {f: 1}}\nattack: {name: negative-gradient}\nbyzantine: 1")]
    [InlineData("rule: [nnm, {name: krum}]")]
    [InlineData("durability: interval\ncheckpointSteps: null")]
    [InlineData("weighWorkersEqually: true\nclipGradient: null")]
    public async Task What_the_reader_takes_the_schema_takes(string yaml)
    {
        JobSpecFile.Parse(yaml);
        (await Schema()).Validate(ToJson(yaml)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("worker: 8")]
    [InlineData("workers: eight")]
    [InlineData("workers: 8.5")]
    [InlineData("decayAtEpochs: 3")]
    [InlineData("durability: always")]
    [InlineData("rule: []")]
    [InlineData("rule: {parameters: {f: 1}}")]
    [InlineData("rule: {name: krum, f: 1}")]
    [InlineData("attack: [none]")]
    [InlineData("weighWorkersEqually: 1")]
    [InlineData("seed: -1")]
    public async Task What_the_reader_refuses_the_schema_refuses(string yaml)
    {
        Should.Throw<JobSpecException>(() => JobSpecFile.Parse(yaml));
        (await Schema()).Validate(ToJson(yaml)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("workers: 0")]
    [InlineData("learningRate: 0")]
    [InlineData("decayAtEpochs: [-1]")]
    [InlineData("evaluateEverySeconds: 90000")]
    [InlineData("workerMomentum: 1")]
    [InlineData("clipGradient: 0")]
    public async Task Ranges_are_in_the_schema(string yaml)
    {
        JobSpecValidator.Validate(JobSpecFile.Parse(yaml)).ShouldNotBeEmpty();
        (await Schema()).Validate(ToJson(yaml)).ShouldNotBeEmpty();
    }

    private static Task<JsonSchema> Schema() => JsonSchema.FromJsonAsync(JobSpecSchema.Generate());

    private static string ToJson(string yaml)
    {
        var document = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        return new SerializerBuilder().JsonCompatible().Build().Serialize(document);
    }
}
