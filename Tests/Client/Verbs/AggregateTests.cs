using System.Text.Json;
using Basgd.Client.Tests.Fakes;

namespace Basgd.Client.Tests.Verbs;

public sealed class AggregateTests
{
    private readonly Command command = new();

    [Theory]
    [InlineData("""{"rule":"trimmed-mean","parameters":{"f":1},"vectors":[[1,2],[3,4],[50,-6]]}""", new double[] { 3, 2 })]
    [InlineData("""{"rule":"trimmed-mean(f=1)","vectors":[[1,2],[3,4],[50,-6]]}""", new double[] { 3, 2 })]
    [InlineData("""{"rule":"median","parameters":{},"vectors":[[1],[2],[4]],}""", new double[] { 2 })]
    [InlineData("""{"rule":"mean","parameters":null,"vectors":[[0.1],[0.2]]}""", new[] { (0.1 + 0.2) / 2 })]
    [InlineData("""{"rule":"mean","vectors":[[1e300]]}""", new[] { 1e300 })]
    public async Task A_request_is_answered_in_double(string request, double[] result)
    {
        (await command.RunOn(request, "aggregate")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("result").EnumerateArray().Select(static v => v.GetDouble()).ShouldBe(result);
    }

    [Fact]
    public async Task A_list_is_answered_by_a_list_in_order_and_one_error_fails_it()
    {
        (await command.RunOn("""[{"rule":"mean","vectors":[[1],[3]]},{"rule":"nonsense","vectors":[[1]]},{"rule":"median","vectors":[[7]]}]""", "aggregate")).ShouldBe(ExitCode.Failed);
        command.Json.GetArrayLength().ShouldBe(3);
        command.Json[0].GetProperty("result")[0].GetDouble().ShouldBe(2);
        command.Json[1].GetProperty("error").GetString()!.ShouldContain("nonsense");
        command.Json[2].GetProperty("result")[0].GetDouble().ShouldBe(7);
    }

    [Fact]
    public async Task An_empty_list_has_an_empty_answer()
    {
        (await command.RunOn("[]", "aggregate")).ShouldBe(ExitCode.Done);
        command.Out.Trim().ShouldBe("[]");
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("""{"rule":"mean","rule":"median","vectors":[[1]]}""", "rule is given twice")]
    [InlineData("""{"rule":"mean","vectors":[[1]],"vectors":[[2]]}""", "vectors is given twice")]
    [InlineData("""{"rule":"trimmed-mean","parameters":{"f":1,"f":0},"vectors":[[1],[2],[3]]}""", "f is given twice")]
    [InlineData("""{"rule":"krum","vectors":[[1],[2],[3],[4],[5]]}""", "krum: f is missing; give it in parameters, such as {\"f\": 1}, or in the rule's text, such as krum(f=1)")]
    [InlineData("""{"rule":"nnm|median","vectors":[[1],[2],[3]]}""", "nnm: f is missing")]
    [InlineData("""{"rule":"nnm","vectors":[[1],[2],[3]]}""", "'nnm' is a pre-aggregation: a rule must follow it, such as nnm|mean")]
    [InlineData("""{"rule":"mean|median","vectors":[[1],[2],[3]]}""", "rule 'mean' must stand last")]
    [InlineData("3", "must be an object")]
    [InlineData("""{"vectors":[[1]]}""", "rule is missing")]
    [InlineData("""{"rule":3,"vectors":[[1]]}""", "rule = 3: must be a text")]
    [InlineData("""{"rule":"mean"}""", "vectors is missing")]
    [InlineData("""{"rule":"mean","vectors":[]}""", "at least one vector")]
    [InlineData("""{"rule":"mean","vectors":[1]}""", "vectors[0] must be a list")]
    [InlineData("""{"rule":"mean","vectors":[[1],["a"]]}""", "vectors[1][0] = \"a\": must be a number")]
    [InlineData("""{"rule":"mean","vectors":[[1],[null]]}""", "vectors[1][0] = null: must be a number")]
    [InlineData("""{"rule":"mean","vectors":[[1],[NaN]]}""", "NaN")]
    [InlineData("""{"rule":"mean","vectors":[[1],[-Infinity]]}""", "Infinity")]
    [InlineData("""{"rule":"mean","vectors":[[1],[1,2]]}""", "row")]
    [InlineData("""{"rule":"trimmed-mean","parameters":{"f":1},"vectors":[[1],[2]]}""", "2f + 1")]
    [InlineData("""{"rule":"trimmed-mean","parameters":{"q":1},"vectors":[[1],[2]]}""", "q = 1")]
    [InlineData("""{"rule":"trimmed-mean","parameters":{"f":NaN},"vectors":[[1],[2]]}""", "the value of f is not a finite number")]
    [InlineData("""{"rule":"trimmed-mean(f=1)","parameters":{"f":1},"vectors":[[1],[2]]}""", "not both")]
    [InlineData("""{"rule":"trimmed-mean","parameters":[1],"vectors":[[1],[2]]}""", "must be an object of numbers")]
    [InlineData("""{"rule":"mean","vector":[[1]]}""", "vector: unknown")]
    public async Task Whatever_is_wrong_is_the_answer(string request, string error)
    {
        (await command.RunOn(request, "aggregate")).ShouldBe(ExitCode.Failed);
        command.Json.GetProperty("error").GetString()!.ShouldContain(error);
        command.Json.GetProperty("error").GetString()!.ShouldNotContain("(Parameter");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task Empty_input_is_wrong_use(string input)
    {
        (await command.RunOn(input, "aggregate")).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldStartWith("standard input is empty; aggregate reads a request as JSON, such as {");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_at_a_terminal_is_told_what_is_waited_for(bool isTyped)
    {
        var typed = new Command { IsInputTyped = isTyped };
        (await typed.RunOn("""{"rule":"mean","vectors":[[1]]}""", "aggregate")).ShouldBe(ExitCode.Done);
        if (isTyped) typed.Error.ShouldStartWith("aggregate reads a request as JSON, such as {");
        else typed.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Input_that_never_ends_ends_with_an_interrupt()
    {
        using var silent = new SilentReader();
        var running = command.RunOn(silent, "aggregate");
        running.IsCompleted.ShouldBeFalse();

        await command.Interrupt.CancelAsync();

        (await running.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("interrupted");
    }

    [Fact]
    public async Task A_text_that_says_NaN_stays_a_text()
    {
        (await command.RunOn("""{"rule":"NaN \"Infinity","vectors":[[1]]}""", "aggregate")).ShouldBe(ExitCode.Failed);
        command.Json.ValueKind.ShouldBe(JsonValueKind.Object);
        command.Json.GetProperty("error").GetString()!.ShouldContain("NaN \"Infinity");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"rule\":")]
    public async Task Input_of_many_brackets_is_an_error(string bracket)
    {
        (await command.RunOn(string.Concat(Enumerable.Repeat(bracket, 50_000)), "aggregate")).ShouldBe(ExitCode.Failed);
        command.Json.GetProperty("error").GetString()!.ShouldStartWith("the input is not JSON: ");
    }

    /// <summary>Input as of a pipe to which nobody writes, until it is disposed of.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly ManualResetEventSlim ended = new();

        public override string ReadToEnd()
        {
            ended.Wait();
            return "";
        }

        protected override void Dispose(bool disposing)
        {
            ended.Set();
            base.Dispose(disposing);
        }
    }
}
