//! Where the points of every layer stand: near their neighbours, without overlaps, in the order of the layer.

use super::Net;

impl Net {
    /// The y of every point: near its neighbours, without overlaps, in the order of its layer.
    pub(super) fn heights_of_points(&self, gap: f64) -> Vec<f64> {
        let mut ys = vec![0.0; self.heights.len()];
        for row in &self.rows {
            let mut y = 0.0;
            for &point in row {
                ys[point] = y + self.heights[point] / 2.0;
                y += self.heights[point] + gap;
            }
        }
        for sweep in 0..12 {
            let depth = self.rows.len();
            for step in 0..depth {
                let row = if sweep % 2 == 0 { step } else { depth - 1 - step };
                self.settle_row(row, gap, &mut ys);
            }
        }
        let top = ys.iter().zip(&self.heights).map(|(y, height)| y - height / 2.0).fold(f64::INFINITY, f64::min);
        if top.is_finite() {
            for y in &mut ys {
                *y -= top;
            }
        }
        ys
    }

    /// Moves the points of a layer as near to their neighbours' mean as their order and sizes allow: the least-squares
    /// solution, by pooling adjacent violators.
    fn settle_row(&self, row: usize, gap: f64, ys: &mut [f64]) {
        let points = &self.rows[row];
        let mut offset = 0.0;
        let mut offsets = Vec::with_capacity(points.len());
        // (sum of weighted wishes, weight, how many points)
        let mut pools: Vec<(f64, f64, usize)> = Vec::new();
        for (n, &point) in points.iter().enumerate() {
            if n > 0 {
                offset += (self.heights[points[n - 1]] + self.heights[point]) / 2.0 + gap;
            }
            offsets.push(offset);
            let (mut sum, mut weight) = (0.0, 0.0);
            for &other in self.before[point].iter().chain(&self.after[point]) {
                // straight passages matter more than straight ends
                let pull = match (point < self.nodes, other < self.nodes) {
                    (false, false) => 8.0,
                    (true, true) => 1.0,
                    _ => 2.0,
                };
                sum += pull * ys[other];
                weight += pull;
            }
            if weight == 0.0 {
                (sum, weight) = (ys[point] * 0.1, 0.1);
            }
            pools.push((sum - weight * offset, weight, 1));
            while let [.., (s0, w0, n0), (s1, w1, n1)] = pools[..] {
                if s0 / w0 <= s1 / w1 {
                    break;
                }
                pools.truncate(pools.len() - 2);
                pools.push((s0 + s1, w0 + w1, n0 + n1));
            }
        }
        let mut n = 0;
        for (sum, weight, count) in pools {
            for _ in 0..count {
                ys[points[n]] = sum / weight + offsets[n];
                n += 1;
            }
        }
    }
}
