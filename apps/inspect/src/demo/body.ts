/** The page before its program fills it. */
export const body = `<main>
<h1>Try a model</h1>
<p class="about" id="about">Loading the model…</p>
<p class="problem" id="problem" role="alert" hidden></p>
<div class="demo">
<section class="source" aria-labelledby="source">
<h2 id="source">Picture</h2>
<div id="drawing" hidden>
<canvas class="pad" id="pad" width="280" height="280" role="img" aria-label="Pad to draw on with a mouse, a pen or a finger"></canvas>
<p class="hint">Draw here, as large as you like.</p>
</div>
<div class="row">
<button type="button" id="clear">Clear</button>
<label class="button">Choose a picture<input type="file" id="file" accept="image/*"></label>
</div>
<p class="hint">Or drop one anywhere on the page. Pictures stay in the browser.</p>
<h3>What the model sees</h3>
<canvas class="seen" id="seen" width="1" height="1" role="img" aria-label="The picture as the model gets it"></canvas>
<p class="hint" id="prepared"></p>
<div id="samples" hidden>
<h3>Pictures of the scored part</h3>
<ul class="samples" id="sample-list"></ul>
</div>
</section>
<div class="runs">
<section class="wish" aria-label="When to answer">
<label for="risk">Wrong answers to accept</label>
<select id="risk"></select>
</section>
<div class="cards" id="cards"></div>
</div>
</div>
<section>
<h2>What this means</h2>
<dl class="meaning">
<dt>Bars</dt>
<dd>The model's probabilities of the classes, after the calibrator of its run where it has one. Of pictures to which a calibrated
model gives 80%, 8 of 10 are right.</dd>
<dt>One of these</dt>
<dd>The conformal prediction set: the classes that examples held out of training do not rule out. For pictures of the same source
as the data it holds the right class as often as it says; a drawing of yours is not quite from there. Where the model is right more
often than that, some sets are empty.</dd>
<dt>I don't know</dt>
<dd>The confidence is below the threshold, no class is in the set, or more than half of all classes are. The threshold is the
lowest, of the edges of the run's reliability diagram, from which on no more answers than you accept were wrong on the part that
the run was scored on. It is measured there, not promised for other pictures.</dd>
</dl>
</section>
</main>`;
